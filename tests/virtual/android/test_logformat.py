"""logcat's formats, letter by letter (AOSP liblog/logprint.cpp)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.android.logd import LogEntry
from framework.virtual.android.logformat import FORMATS, UnknownFormatError, log_format

ENTRY = LogEntry(
    1, 99_000_000_000, 1_700_000_000_123_456_789, 4211, 4230, 10200, "I", "Tag", "hello", "main", 61_234_567_890
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("brief", "I/Tag     ( 4211): hello\n"),
        ("process", "I( 4211) hello  (Tag)\n"),
        ("tag", "I/Tag     : hello\n"),
        ("thread", "I( 4211: 4230) hello\n"),
        ("raw", "hello\n"),
        ("time", "11-14 22:13:20.123 I/Tag     ( 4211): hello\n"),
        ("threadtime", "11-14 22:13:20.123  4211  4230 I Tag     : hello\n"),
        ("long", "[ 11-14 22:13:20.123  4211: 4230 I/Tag      ]\nhello\n\n"),
        ("threadtime,usec", "11-14 22:13:20.123456  4211  4230 I Tag     : hello\n"),
        ("threadtime,nsec,year", "2023-11-14 22:13:20.123456789  4211  4230 I Tag     : hello\n"),
        ("threadtime,zone,UTC", "11-14 22:13:20.123 +0000  4211  4230 I Tag     : hello\n"),
        ("epoch", "         1700000000.123  4211  4230 I Tag     : hello\n"),
        ("time,epoch,usec", "         1700000000.123456 I/Tag     ( 4211): hello\n"),
        ("monotonic", "    61.234  4211  4230 I Tag     : hello\n"),
        ("threadtime,uid", "11-14 22:13:20.123 10200  4211  4230 I Tag     : hello\n"),
        ("brief,uid", "I/Tag     (10200: 4211): hello\n"),
        ("raw,color", "\x1b[38;5;40mhello\x1b[0m\n"),
    ],
)
def test_each_format(words: str, expected: str) -> None:
    """Columns, padding and time as liblog writes them."""
    assert log_format(words.split(",")).line(ENTRY) == expected


def test_the_shells_uid_has_a_name() -> None:
    """Short user names stand for the number."""
    entry = LogEntry(1, 0, 0, 9, 9, 2000, "D", "T", "m", "main", 0)
    assert log_format(["brief", "uid"]).line(entry) == "D/T       (shell:    9): m\n"


def test_several_lines_each_have_the_prefix() -> None:
    """A stack trace stays readable line by line; an end of line at the end adds none."""
    entry = LogEntry(1, 0, 0, 9, 9, 0, "E", "T", "one\n\ntwo\n", "main", 0)
    assert log_format(["tag"]).line(entry) == "E/T       : one\nE/T       : \nE/T       : two\n"


def test_unknown_words_are_named() -> None:
    """For the message that logcat prints."""
    with pytest.raises(UnknownFormatError, match="fancy"):
        log_format(["brief", "fancy"])


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n")), st.sampled_from(FORMATS))
def test_the_message_is_never_changed(message: str, name: str) -> None:
    """Whatever it holds, it is in the line."""
    entry = LogEntry(1, 0, 0, 9, 9, 0, "E", "T", message, "main", 0)
    assert message in log_format([name]).line(entry)
