"""Whole logs in their formats."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.dumps.logcat_lines import LogEntry, read


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "01-02 03:04:05.678   106   107 W tag     : a: b",
            LogEntry(1, "01-02 03:04:05.678", None, 106, 107, "W", "tag", "a: b"),
        ),
        (
            "         1700000000.123456  4711  4712 I Tag: m",
            LogEntry(1, "1700000000.123456", 1_700_000_000_123_456_000, 4711, 4712, "I", "Tag", "m"),
        ),
        (
            "1970-01-01 01:00:01.500 +0100  1000   106   107 I Tag     : m",
            LogEntry(1, "1970-01-01 01:00:01.500 +0100", 1_500_000_000, 106, 107, "I", "Tag", "m"),
        ),
        ("01-02 03:04:05.678 E/Tag  (  10): m", LogEntry(1, "01-02 03:04:05.678", None, 10, None, "E", "Tag", "m")),
        (
            "01-02 03:04:05.678 10-11/a.b D/Tag: m",
            LogEntry(1, "01-02 03:04:05.678", None, 10, 11, "D", "Tag", "m"),
        ),
        ("D/Tag( 2468): 7:07", LogEntry(1, None, None, 2468, None, "D", "Tag", "7:07")),
        ("D/Tag     : m", LogEntry(1, None, None, None, None, "D", "Tag", "m")),
        ("E Tag: m", LogEntry(1, None, None, None, None, "E", "Tag", "m")),
        (
            "01-01 00:00:00.000     1     1 I power@1.0::IPower: up",
            LogEntry(1, "01-01 00:00:00.000", None, 1, 1, "I", "power@1.0::IPower", "up"),
        ),
    ],
)
def test_formats(line: str, expected: LogEntry) -> None:
    """Each format gives what it holds and None for the rest; CRLF and a tab in front do not matter."""
    assert read(f"{line}\r\n").entries == (expected,)


def test_the_long_format_has_bodies() -> None:
    """A header is followed by the message, on as many lines as it has."""
    text = "[ 03-29 15:16:29.514 10: 11 V/Tag      ]\none: 1\ntwo\n\n[ 03-29 15:16:29.515 10:11 I/B ]\nthree\n"
    assert [(entry.line, entry.tid, entry.tag, entry.message) for entry in read(text).entries] == [
        (1, 11, "Tag", "one: 1\ntwo"),
        (5, 11, "B", "three"),
    ]


def test_dividers_and_other_lines_are_counted() -> None:
    """They are no entries."""
    log = read("--------- beginning of crash\nno log line\nI/A: m\n--------- switch to main\n")
    assert (len(log.entries), log.dividers, log.unread) == (1, 2, 1)


@settings(max_examples=100)
@given(
    st.integers(1, 99_999),
    st.sampled_from("VDIWEF"),
    st.from_regex(r"[A-Za-z][A-Za-z0-9_.@/-]{0,22}", fullmatch=True),
    st.from_regex(r"[!-~]([ -~]{0,40}[!-~])?", fullmatch=True),
)
def test_what_logcat_prints_is_read_back(pid: int, level: str, tag: str, message: str) -> None:
    """Lines printed as liblog does give back what was logged, in each format with a time."""
    time = "01-02 03:04:05.678"
    expected = (time, pid, level, tag, message)
    for text in (
        f"{time} {pid:5d} {pid:5d} {level} {tag:<8}: {message}",
        f"{time} {level}/{tag:<8}({pid:5d}): {message}",
        f"[ {time} {pid:5d}:{pid:5d} {level}/{tag:<8} ]\n{message}\n",
    ):
        (entry,) = read(text).entries
        assert (entry.time, entry.pid, entry.level, entry.tag, entry.message) == expected


def test_real_times_have_no_year(capture: Callable[[str], str]) -> None:
    """The format `time` of an old handset: process, tag and text."""
    log = read(capture("logcat/chkbugreport__nexusone_v_time.txt"))
    first = log.entries[0]
    assert (first.time, first.wall_ns, first.pid, first.tid) == ("01-06 19:22:26.600", None, 110, None)
    assert (first.level, first.tag, first.message) == ("I", "Vold", "Vold 2.1 (the revenge) firing up")


def test_a_real_log_of_the_long_format(capture: Callable[[str], str]) -> None:
    """Six entries of three processes."""
    log = read(capture("logcat/agi__v_long.txt"))
    assert [entry.pid for entry in log.entries] == [24153, 24153, 31608, 31608, 31608, 31608]
    assert log.entries[4].tag == "NetworkManagementSocketTagger"


def test_a_real_log_of_the_brief_format(capture: Callable[[str], str]) -> None:
    """Two buffers of old devices, told by their dividers."""
    log = read(capture("logcat/wa__brief_old_buffers.txt"))
    assert (log.dividers, {entry.pid for entry in log.entries}) == (2, {2468, 3099})
