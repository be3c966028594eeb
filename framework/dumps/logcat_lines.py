"""Whole logs in the formats that logcat prints: threadtime, time, long, brief, tag, and Android Studio's.

The layouts are those of AOSP's liblog/logprint.cpp. A log from which somebody removed the times (`E Tag: message`) is
read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from framework.dumps.lines import numbered

_TIME = (
    r"(?P<time>(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3,9}(?: [+-][0-9]{4})?"
    r"|[0-9]{1,12}\.[0-9]{3,9})"
)
_LEVEL = r"(?P<level>[VDIWEFS])"
_END = r"(?P<tag>.*?)\s*:(?: (?P<message>.*))?"
_PID = r"(?P<pid>[0-9]{1,9})"
_TID = r"(?P<tid>[0-9]{1,9})"
_FORMATS = (
    re.compile(rf"\s*{_TIME}(?: +[a-z][\w]*| +[0-9]{{1,9}}(?= +[0-9]+ +[0-9]+ ))?\s+{_PID}\s+{_TID} {_LEVEL} {_END}"),
    re.compile(rf"\s*{_TIME} {_LEVEL}/(?P<tag>.*?)\s*\( *{_PID}\): ?(?P<message>.*)"),
    re.compile(rf"\s*{_TIME} {_PID}-{_TID}/\S* {_LEVEL}/{_END}"),
    re.compile(rf"{_LEVEL}/(?P<tag>.*?)\s*\( *{_PID}\): ?(?P<message>.*)"),
    re.compile(rf"{_LEVEL}[/ ](?P<tag>\S+?)\s*:(?: (?P<message>.*))?"),
)
_LONG = re.compile(rf"\s*\[ {_TIME} +{_PID}: *{_TID} {_LEVEL}/(?P<tag>.*?)\s*\]")
_DIVIDER = re.compile(r"\s*--------- (?:beginning of|switch to|tail end of)")
_CONTINUED = re.compile(r"\s{20,}\S")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """`line` is where it begins; `message` may have several lines.

    `time` is as printed. `wall_ns` is the wall clock, nanoseconds since 1970, where the log tells it without guessing:
    seconds since 1970 (`-v epoch`), or year and zone (`-v year -v zone`).
    """

    line: int
    time: str | None
    wall_ns: int | None
    pid: int | None
    tid: int | None
    level: str
    tag: str
    message: str


@dataclass(frozen=True, slots=True)
class LogText:
    """`dividers` counts the lines between buffers, `unread` those that are neither entry nor divider."""

    entries: tuple[LogEntry, ...]
    dividers: int
    unread: int


def read(text: str) -> LogText:
    """The entries in the order of the log."""
    entries: list[LogEntry] = []
    dividers = unread = 0
    is_open = False
    """Whether lines that are no entry belong to the one before: the body of `-v long`, or an indented line."""
    for number, line in numbered(text):
        if _DIVIDER.match(line):
            dividers, is_open = dividers + 1, False
        elif header := _LONG.fullmatch(line):
            entries.append(_entry(number, header))
            is_open = True
        elif entries and (is_open or _CONTINUED.match(line)):
            body = line if is_open else line.strip()
            entries[-1] = replace(entries[-1], message=f"{entries[-1].message}\n{body}".lstrip("\n"))
        elif match := next(_matches(line), None):
            entries.append(_entry(number, match))
        else:
            unread += 1
    return LogText(tuple(entries), dividers, unread)


def _matches(line: str) -> Iterator[re.Match[str]]:
    return (match for pattern in _FORMATS if (match := pattern.fullmatch(line)))


def _entry(number: int, match: re.Match[str]) -> LogEntry:
    fields = match.groupdict()
    time = fields.get("time")
    return LogEntry(
        line=number,
        time=time,
        wall_ns=_wall_ns(time) if time else None,
        pid=int(fields["pid"]) if fields.get("pid") else None,
        tid=int(fields["tid"]) if fields.get("tid") else None,
        level=fields["level"],
        tag=fields["tag"],
        message=fields.get("message") or "",
    )


def _wall_ns(time: str) -> int | None:
    whole, _, rest = time.partition(".")
    fraction, _, zone = rest.partition(" ")
    if whole.isdecimal():
        seconds = int(whole)
    elif zone and whole[4] == "-":
        try:
            seconds = int(datetime.strptime(whole + zone, "%Y-%m-%d %H:%M:%S%z").timestamp())
        except (ValueError, OverflowError):
            return None
    else:
        return None
    return seconds * 1_000_000_000 + int(fraction.ljust(9, "0"))
