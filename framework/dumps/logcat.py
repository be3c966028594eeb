"""Logs: single lines of `logcat -v threadtime`, with wall-clock or with `-v epoch` times, and whole logs of any format.

The layout is that of AOSP's liblog/logprint.cpp: `TIME  PID  TID LEVEL TAG     : MESSAGE`, the tag padded to eight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from framework.contract.capabilities import LogLine
from framework.dumps import logcat_events, logcat_lines
from framework.dumps.errors import DumpError

KIND = "logcat"

_LINE = re.compile(
    r"\s*(?:(?P<epoch>\d{1,19})|(?P<date>\d\d-\d\d \d\d:\d\d:\d\d))\.(?P<fraction>\d{3,9})"
    r"\s+(?P<pid>\d+)\s+(?P<tid>\d+)\s(?P<level>[VDIWEFS])\s(?P<tag>.*?)\s*:(?: (?P<message>.*))?$"
)


@dataclass(frozen=True, slots=True)
class LogcatDump:
    """`unread_lines` are those that are neither entry nor divider between buffers."""

    entries: tuple[logcat_lines.LogEntry, ...]
    low_memory_kills: tuple[logcat_events.LowMemoryKill, ...]
    anrs: tuple[logcat_events.Anr, ...]
    java_crashes: tuple[logcat_events.JavaCrash, ...]
    native_crashes: tuple[logcat_events.NativeCrash, ...]
    unread_lines: int


def parse(text: str) -> LogcatDump:
    """A whole log of any format; DumpError for a text with lines of which none is a log's."""
    log = logcat_lines.read(text)
    if log.unread and not log.entries and not log.dividers:
        raise DumpError(KIND, 1, "a line such as `01-31 23:59:59.999  1234  1234 I Tag: message`")
    return LogcatDump(
        entries=log.entries,
        low_memory_kills=logcat_events.kills(log.entries),
        anrs=logcat_events.anrs(log.entries),
        java_crashes=logcat_events.java_crashes(log.entries),
        native_crashes=logcat_events.native_crashes(log.entries),
        unread_lines=log.unread,
    )


def parse_line(line: str, *, year: int = 1970) -> LogLine | None:
    """The record of one line, or None for what is no log line (`--------- beginning of main`, another format).

    Without `-v epoch` logcat prints neither year nor zone: the time is then read as UTC in `year`.
    """
    match = _LINE.match(line)
    if match is None:
        return None
    try:
        seconds = int(match["epoch"]) if match["epoch"] else _seconds(year, match["date"])
    except ValueError:
        return None
    wall_ns = seconds * 1_000_000_000 + int(match["fraction"].ljust(9, "0"))
    return LogLine(wall_ns, int(match["pid"]), int(match["tid"]), match["level"], match["tag"], match["message"] or "")


@lru_cache(maxsize=256)
def _seconds(year: int, date: str) -> int:
    """Many lines are of one second."""
    return int(datetime.strptime(f"{year}-{date}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp())
