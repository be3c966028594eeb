"""How logcat prints an entry (AOSP liblog/logprint.cpp, android_log_formatLogLine)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from framework.virtual.android.logd import LogEntry
from framework.virtual.system.users import user_name

FORMATS = ("brief", "long", "process", "raw", "tag", "thread", "threadtime", "time")
MODIFIERS = ("color", "descriptive", "epoch", "monotonic", "nsec", "printable", "uid", "usec", "utc", "year", "zone")
COLORS = {"V": 231, "D": 75, "I": 40, "W": 166, "E": 196, "F": 196}
DIGITS = {"nsec": 9, "usec": 6}


class UnknownFormatError(Exception):
    """A format or modifier that logcat does not have."""


@dataclass(frozen=True, slots=True)
class LogFormat:
    """One of `FORMATS` with any of `MODIFIERS`."""

    name: str = "threadtime"
    modifiers: frozenset[str] = frozenset()

    def line(self, entry: LogEntry) -> str:
        """The entry with its line ends; a message of several lines has the prefix on each."""
        if self.name == "long":
            return self._painted(entry, f"{self._header(entry)}\n{entry.message}", "\n\n")
        suffix = f"  ({entry.tag})" if self.name == "process" else ""
        prefix = self._prefix(entry)
        lines = (entry.message.removesuffix("\n")).split("\n")
        return "".join(self._painted(entry, f"{prefix}{line}{suffix}", "\n") for line in lines)

    def _painted(self, entry: LogEntry, text: str, end: str) -> str:
        return f"\x1b[38;5;{COLORS[entry.level]}m{text}\x1b[0m{end}" if "color" in self.modifiers else text + end

    def _header(self, entry: LogEntry) -> str:
        who = f"{self._uid(entry)}{entry.pid:5d}:{entry.tid:5d}"
        return f"[ {self._time(entry)} {who} {entry.level}/{entry.tag:<8} ]"

    def _prefix(self, entry: LogEntry) -> str:
        uid, level, tag = self._uid(entry), entry.level, f"{entry.tag:<8}"
        match self.name:
            case "raw":
                return ""
            case "tag":
                return f"{level}/{tag}: "
            case "process":
                return f"{level}({uid}{entry.pid:5d}) "
            case "thread":
                return f"{level}({uid}{entry.pid:5d}:{entry.tid:5d}) "
            case "time":
                return f"{self._time(entry)} {level}/{tag}({uid}{entry.pid:5d}): "
            case "brief":
                return f"{level}/{tag}({uid}{entry.pid:5d}): "
            case _:
                who = f"{uid.replace(':', ' ')}{entry.pid:5d} {entry.tid:5d}"
                return f"{self._time(entry)} {who} {level} {tag}: "

    def _uid(self, entry: LogEntry) -> str:
        if "uid" not in self.modifiers:
            return ""
        name = user_name(entry.uid)
        return f"{name if len(name) <= 5 else entry.uid:>5}:"

    def _time(self, entry: LogEntry) -> str:
        monotonic = "monotonic" in self.modifiers
        seconds, ns = divmod(entry.monotonic_ns if monotonic else entry.wall_ns, 1_000_000_000)
        digits = next((count for name, count in DIGITS.items() if name in self.modifiers), 3)
        fraction = f".{ns // 10 ** (9 - digits):0{digits}d}"
        if monotonic:
            return f"{seconds:6d}{fraction}"
        if "epoch" in self.modifiers:
            return f"{seconds:19d}{fraction}"
        year = "%Y-" if "year" in self.modifiers else ""
        zone = " +0000" if "zone" in self.modifiers else ""
        return time.strftime(f"{year}%m-%d %H:%M:%S", time.gmtime(seconds)) + fraction + zone


def log_format(words: Sequence[str]) -> LogFormat:
    """The format that the arguments of `-v` add up to; UnknownFormatError names a word that is none."""
    name, modifiers = "threadtime", set[str]()
    for word in words:
        if word in FORMATS:
            name = word
        elif word.lower() in MODIFIERS:
            modifiers ^= {"zone"} if word == "zone" else set()
            modifiers |= {word.lower()} - {"zone"}
        else:
            raise UnknownFormatError(word)
    return LogFormat(name, frozenset(modifiers))
