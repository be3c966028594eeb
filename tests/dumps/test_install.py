"""The output of a whole installation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.errors import DumpError
from framework.dumps.install import InstallDump, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Performing Streamed Install\r\nSuccess\r\n", InstallDump(True, None, None, None)),
        ("Failure [INSTALL_FAILED_OLDER_SDK]\n", InstallDump(False, "INSTALL_FAILED_OLDER_SDK", None, None)),
        (
            "Failure [INSTALL_FAILED_A: b]\nFailure [DELETE_FAILED_C]\n",
            InstallDump(False, "INSTALL_FAILED_A", "b", "DELETE_FAILED_C"),
        ),
    ],
)
def test_outcomes(text: str, expected: InstallDump) -> None:
    """What is not told is None."""
    assert parse(text) == expected


@pytest.mark.parametrize(("text", "line"), [("", 1), ("Performing Streamed Install\n", 2)])
def test_text_without_an_outcome_is_refused(text: str, line: int) -> None:
    """A dump cut before its outcome is no success and no refusal."""
    with pytest.raises(DumpError) as refusal:
        parse(text)
    assert refusal.value.line == line


@given(st.text(max_size=100))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, f"Failure [{noise}", f"INSTALL_FAILED_X: {noise}"):
        assert read_or_refused("install", text)


RESTRICTED = ("INSTALL_FAILED_USER_RESTRICTED", "Install canceled by user")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("flutter65308__redmi8_user_restricted", InstallDump(False, *RESTRICTED, None)),
        (
            "sndcpy64__user_restricted_then_delete_failed",
            InstallDump(False, *RESTRICTED, "DELETE_FAILED_INTERNAL_ERROR"),
        ),
        (
            "apkupdater618__hyperos3_aborted",
            InstallDump(False, "INSTALL_FAILED_ABORTED", "User rejected permissions", None),
        ),
    ],
)
def test_real_refusals(capture: Callable[[str], str], name: str, expected: InstallDump) -> None:
    """The refusals of real handsets, word for word."""
    assert parse(capture(f"install/{name}.txt")) == expected
