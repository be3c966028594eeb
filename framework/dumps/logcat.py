"""Lines of `logcat -v threadtime`, with wall-clock or with `-v epoch` times.

The layout is that of AOSP's liblog/logprint.cpp: `TIME  PID  TID LEVEL TAG     : MESSAGE`, the tag padded to eight.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from framework.contract.capabilities import LogLine

_LINE = re.compile(
    r"\s*(?:(?P<epoch>\d{1,19})|(?P<date>\d\d-\d\d \d\d:\d\d:\d\d))\.(?P<fraction>\d{3,9})"
    r"\s+(?P<pid>\d+)\s+(?P<tid>\d+)\s(?P<level>[VDIWEFS])\s(?P<tag>.*?)\s*:(?: (?P<message>.*))?$"
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


def _seconds(year: int, date: str) -> int:
    return int(datetime.strptime(f"{year}-{date}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp())
