"""What logcat's arguments ask for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.android.logcat_options import LogcatError, parse, parse_time
from framework.virtual.android.logd import DEFAULT_BUFFERS, LogEntry

LEVELS = "VDIWEF"


def entry(tag: str = "Tag", level: str = "I", message: str = "hello", *, pid: int = 7, wall_ns: int = 0) -> LogEntry:
    return LogEntry(1, 0, wall_ns, pid, pid, 0, level, tag, message, "main", 0)  # type: ignore[arg-type]


def passing(words: Sequence[str], tag: str, variable: str | None = None) -> str:
    """The levels that entries of this tag are printed with."""
    options = parse(words, variable)
    return "".join(level for level in LEVELS if options.matches(entry(tag, level)))


@pytest.mark.parametrize(
    ("words", "tag", "levels"),
    [
        ([], "Any", LEVELS),
        (["*:W"], "Any", "WEF"),
        (["Tag:I", "*:S"], "Tag", "IWEF"),
        (["Tag:I", "*:S"], "Other", ""),
        (["-s", "Tag"], "Tag", LEVELS),
        (["-s", "Tag:e"], "Tag", "EF"),
        (["-s", "Tag:V"], "Other", ""),
        (["Tag:S"], "Tag", ""),
        (["Tag:S"], "Other", LEVELS),
        (["*"], "Any", "DIWEF"),
        (["Tag:E", "Tag:D"], "Tag", "DIWEF"),
        (["Tag:E,*:F"], "Tag", "EF"),
    ],
)
def test_filters(words: list[str], tag: str, levels: str) -> None:
    """TAG:LEVEL, `*`, `-s`, several in one word, the last for a tag wins."""
    assert passing(words, tag) == levels


def test_the_variable_counts_only_without_filters() -> None:
    """ANDROID_LOG_TAGS, which adb sets to two quotes."""
    assert passing([], "Any", "*:E") == "EF"
    assert passing(["*:D"], "Any", "*:E") == "DIWEF"
    assert passing([], "Any", "''") == LEVELS


def test_options_that_adb_and_people_give() -> None:
    """Short, long, glued, in any order with filters."""
    options = parse(
        ["Tag:I", "-v", "threadtime,usec", "-d", "--pid=12", "-bmain,crash", "-e", "h.llo", "-m", "3"], None
    )
    assert options.format.modifiers == {"usec"}
    assert options.buffers == ("main", "crash")
    assert (options.dump, options.pid, options.max_count) == (True, 12, 3)
    assert options.matches(entry(message="oh hello"))
    assert not options.matches(entry(message="bye"))
    assert options.is_from_wanted_process(entry(pid=12))
    assert not options.is_from_wanted_process(entry(pid=13))


def test_tails() -> None:
    """`-t` ends, `-T` goes on; by count or since a time."""
    lines = [entry(wall_ns=number * 10**9, message=str(number)) for number in range(10)]
    count, since = parse(["-t", "3"], None), parse(["-T", "7.0"], None)
    assert [line.message for line in count.tail(lines)] == ["7", "8", "9"]
    assert [line.message for line in since.tail(lines)] == ["7", "8", "9"]
    assert (count.dump, since.dump) == (True, False)


@given(st.integers(0, 4_000_000_000), st.integers(0, 999_999_999))
def test_epoch_times_are_exact(seconds: int, ns: int) -> None:
    """To the nanosecond."""
    assert parse_time(f"{seconds}.{ns:09d}") == seconds * 10**9 + ns


def test_calendar_times() -> None:
    """With a year, UTC; without one, this year."""
    assert parse_time("2023-11-14 22:13:20.123") == 1_700_000_000_123_000_000
    assert parse_time("11-14 22:13:20.5") is not None
    assert parse_time("yesterday") is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-v", "fancy"], 'Invalid parameter "fancy" to -v'),
        (["-b", "kernel"], "Unknown -b buffer 'kernel'"),
        (["Tag:Q"], "Invalid filter expression 'Tag:Q'"),
        (["-t", "noon"], '-t "noon" not in time format'),
        (["-m", "0"], "-m 0 out of range"),
        (["-G", "big"], "-G <size> must be a number"),
        (["-Z"], "option -Z not recognized"),
        (["-e", "("], "bad regular expression"),
    ],
)
def test_what_cannot_be_used_is_said(words: list[str], message: str) -> None:
    """One line that names the fault."""
    with pytest.raises(LogcatError, match=message):
        parse(words, None)


def test_sizes_and_buffers() -> None:
    """K and M; `all` and `default`."""
    assert parse(["-G", "4M"], None).resize == 4 << 20
    assert parse(["-b", "default"], None).buffers == DEFAULT_BUFFERS
    assert len(parse(["-b", "all"], None).buffers) == 5
