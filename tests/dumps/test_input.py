"""`input` output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.dumps.errors import DumpError
from framework.dumps.input import InputDump, parse

OLD = (
    "java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission\r\n"
    "\tat a.b(C:1)\r\n"
)


def test_silence_is_success() -> None:
    """`input` prints nothing when it worked."""
    assert InputDump(True, None, None, None) == parse("\r\n")


def test_the_wording_before_android_13() -> None:
    """The missing permission is named."""
    dump = parse(OLD)
    assert (dump.accepted, dump.exception, dump.permission) == (False, "java.lang.SecurityException", "INJECT_EVENTS")
    assert dump.message == "Injecting to another application requires INJECT_EVENTS permission"


def test_a_wrong_call_is_a_refusal_without_permission() -> None:
    """Usage errors are refusals too."""
    assert InputDump(False, None, None, "Error: Unknown command: jump") == parse("Error: Unknown command: jump\n")


def test_other_text_is_refused() -> None:
    """The error says what was looked for."""
    with pytest.raises(DumpError, match="line 1: expected nothing, an exception"):
        parse("hello\n")


@given(st.text(max_size=100), st.integers(0, len(OLD)))
def test_any_text_is_read_or_refused(read_or_refused: Callable[[str, str], bool], noise: str, cut: int) -> None:
    """Whatever a handset prints, nothing but DumpError comes out."""
    for text in (noise, OLD[:cut] + noise):
        assert read_or_refused("input", text)


def test_a_real_refusal(capture: Callable[[str], str]) -> None:
    """MIUI 14 on Android 13, from the middle of a stack trace."""
    dump = parse(capture("input/scrcpy3824__miui14_A13_inject_events.txt"))
    assert (dump.accepted, dump.exception, dump.permission) == (False, "java.lang.SecurityException", "INJECT_EVENTS")
    assert dump.message is not None
    assert dump.message.startswith("Injecting input events requires the caller")
