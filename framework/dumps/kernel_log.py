"""`dmesg`: the kernel's messages, and the processes that it killed for memory.

Kills are told by the low-memory killer in the kernel (until Android 9), by lmkd, which writes to this log too
(AOSP lmkd.cpp), and by the kernel's last resort, the OOM killer (mm/oom_kill.c).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered

KIND = "kernel_log"
_LINE = re.compile(
    r"(?:<(?P<priority>\d{1,3})>)?\[ *(?P<seconds>\d{1,9})\.(?P<micros>\d{6})(?:,\d{1,2})?\]"
    r"(?:\[ *[TC]\d{1,7}\])? ?(?P<message>.*)",
    re.ASCII,
)
_KILLS = (
    (
        "low memory",
        re.compile(
            r"lowmemorykiller: Kill(?:ing)? '(?P<name>[^']*)' \((?P<pid>\d{1,10})\)"
            r"(?:.*?\b(?:adj|oom_adj|oom_score_adj) (?P<adj>-?\d{1,5}))?",
            re.ASCII,
        ),
    ),
    (
        "low memory",
        re.compile(
            r"(?:lowmem\w*: )?send sigkill to (?P<pid>\d{1,10}) \((?P<name>[^)]*)\)(?:, adj (?P<adj>-?\d{1,5}))?",
            re.ASCII,
        ),
    ),
    (
        "out of memory",
        re.compile(
            r"Killed process (?P<pid>\d{1,10}) \((?P<name>[^)]*)\)(?:.*?\boom_score_adj:(?P<adj>-?\d{1,5}))?",
            re.ASCII,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class KernelLine:
    """`at_us`: the kernel's own clock, which on most handsets stands still while they sleep."""

    at_us: int
    priority: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Kill:
    """`by` is "low memory" or "out of memory"; the name may be cut to 15 letters, `adj` is None where not told."""

    at_us: int
    pid: int
    name: str
    adj: int | None
    by: str


@dataclass(frozen=True, slots=True)
class KernelLog:
    """As printed: lines that were written twice, or out of order, stay so."""

    lines: tuple[KernelLine, ...]
    kills: tuple[Kill, ...]


def parse(text: str) -> KernelLog:
    """Lines without a time are passed over; DumpError where there is no other."""
    lines = tuple(_line(match) for _, line in numbered(text) if (match := _LINE.fullmatch(line.lstrip())))
    if not lines:
        raise DumpError(KIND, after_last(text), "lines such as `<6>[   12.345678] MESSAGE`")
    return KernelLog(lines, tuple(kill for line in lines if (kill := _kill(line))))


def _line(match: re.Match[str]) -> KernelLine:
    priority = int(match["priority"]) if match["priority"] else None
    return KernelLine(int(match["seconds"]) * 1_000_000 + int(match["micros"]), priority, match["message"])


def _kill(line: KernelLine) -> Kill | None:
    for by, pattern in _KILLS:
        if match := pattern.search(line.message):
            return Kill(line.at_us, int(match["pid"]), match["name"], int(match["adj"]) if match["adj"] else None, by)
    return None
