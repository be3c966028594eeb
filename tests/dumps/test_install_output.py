"""What installing and uninstalling print."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.install_output import UNKNOWN, InstallOutcome, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Success\n", InstallOutcome(True)),
        ("\tpkg: /data/local/tmp/a.apk\r\nSuccess\r\n", InstallOutcome(True)),
        ("Success: streamed 17968807 bytes\n", InstallOutcome(True)),
        (
            "Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE]\n",
            InstallOutcome(False, "INSTALL_FAILED_INSUFFICIENT_STORAGE"),
        ),
        (
            "Failure [INSTALL_FAILED_VERSION_DOWNGRADE: Downgrade detected: 1 < 2]",
            InstallOutcome(False, "INSTALL_FAILED_VERSION_DOWNGRADE", "Downgrade detected: 1 < 2"),
        ),
        ("Failure [DELETE_FAILED_INTERNAL_ERROR]\n", InstallOutcome(False, "DELETE_FAILED_INTERNAL_ERROR")),
        ("Failure [not installed for 0]\n", InstallOutcome(False, UNKNOWN, "not installed for 0")),
        (
            "Exception occurred while executing 'install':\njava.lang.SecurityException: no",
            InstallOutcome(False, UNKNOWN, "Exception occurred while executing 'install':"),
        ),
        ("Error: unknown option -Q\n", InstallOutcome(False, UNKNOWN, "Error: unknown option -Q")),
        ("", InstallOutcome(False, UNKNOWN, "no output")),
    ],
)
def test_outcomes(text: str, expected: InstallOutcome) -> None:
    """Android's words are told as it prints them; silence is no success."""
    assert parse(text) == expected


@given(st.text(max_size=100))
def test_only_a_line_of_success_is_success(text: str) -> None:
    """No output without the word counts as installed."""
    assert not parse(text.replace("Success", "")).succeeded


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("flutter65308__redmi8_user_restricted", "INSTALL_FAILED_USER_RESTRICTED", "Install canceled by user"),
        ("sndcpy64__user_restricted_then_delete_failed", "INSTALL_FAILED_USER_RESTRICTED", "Install canceled by user"),
        ("apkupdater618__hyperos3_aborted", "INSTALL_FAILED_ABORTED", "User rejected permissions"),
    ],
)
def test_real_refusals(capture: Callable[[str], str], name: str, code: str, message: str) -> None:
    """The refusals of real handsets, in their words."""
    outcome = parse(capture(f"install/{name}.txt"))
    assert (outcome.succeeded, outcome.code) == (False, code)
    assert outcome.message.startswith(message)
