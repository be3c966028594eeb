"""The arguments of logcat, and which entries they ask for (AOSP system/logging/logcat/logcat.cpp)."""

from __future__ import annotations

import calendar
import getopt
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from framework.virtual.android.logd import BUFFERS, DEFAULT_BUFFERS, Buffer, LogEntry
from framework.virtual.android.logformat import LogFormat, UnknownFormatError, log_format
from framework.virtual.system.users import user_id

DIVIDER = "--------- {} {}\n"
SHORT = "cdDhLt:T:gG:sb:v:e:m:f:r:n:SpP:"
LONG = [
    "buffer=", "buffer-size", "clear", "dividers", "file=", "format=", "grep=", "head=", "help", "last", "max-count=",
    "pid=", "print", "prune", "regex=", "rotate-count=", "rotate-kbytes=", "statistics", "tail=", "uid=", "wrap",
]  # fmt: skip
SHORT_OF = MappingProxyType(
    {
        "--buffer": "-b",
        "--buffer-size": "-g",
        "--clear": "-c",
        "--dividers": "-D",
        "--file": "-f",
        "--format": "-v",
        "--grep": "-e",
        "--head": "-m",
        "--help": "-h",
        "--last": "-L",
        "--max-count": "-m",
        "--prune": "-p",
        "--regex": "-e",
        "--rotate-count": "-n",
        "--rotate-kbytes": "-r",
        "--statistics": "-S",
        "--tail": "-t",
    }
)
SEPARATORS = re.compile(r"[,:; \t\n\r\f]+")
RANKS = MappingProxyType({level: rank for rank, level in enumerate("VDIWEFS")})
UNITS = MappingProxyType({"K": 1 << 10, "M": 1 << 20})


class LogcatError(Exception):
    """What logcat says of arguments that it cannot use."""


@dataclass(frozen=True, slots=True)
class TagFilter:
    """`TAG:LEVEL` rules: the lowest level that is printed, for single tags and for all others."""

    others: str = "V"
    tags: Mapping[str, str] = field(default_factory=dict)

    def passes(self, entry: LogEntry) -> bool:
        return RANKS[entry.level] >= RANKS[self.tags.get(entry.tag, self.others)]


@dataclass(frozen=True, slots=True)
class LogcatOptions:
    """`tail_count` or `tail_since_ns` (wall clock) cut off what is old; `dump` ends at what is there."""

    format: LogFormat = field(default_factory=LogFormat)
    buffers: tuple[Buffer, ...] = DEFAULT_BUFFERS
    filter: TagFilter = field(default_factory=TagFilter)
    regex: re.Pattern[str] | None = None
    pid: int | None = None
    max_count: int | None = None
    tail_count: int | None = None
    tail_since_ns: int | None = None
    dump: bool = False
    dividers: bool = False
    clear: bool = False
    sizes: bool = False
    resize: int | None = None
    uids: frozenset[int] | None = None
    print_all: bool = False
    file: str | None = None
    statistics: bool = False
    prune_list: bool = False
    last_boot: bool = False
    help: bool = False

    def is_from_wanted_process(self, entry: LogEntry) -> bool:
        return self.pid in (None, entry.pid) and (self.uids is None or entry.uid in self.uids)

    def tail(self, entries: list[LogEntry]) -> list[LogEntry]:
        """What is new enough; logd counts entries before tags are looked at."""
        if self.tail_since_ns is not None:
            return [entry for entry in entries if entry.wall_ns >= self.tail_since_ns]
        return entries if self.tail_count is None else entries[-self.tail_count :]

    def matches(self, entry: LogEntry) -> bool:
        """Whether an entry passes the filter and its message is what the expression asks for."""
        return self.filter.passes(entry) and (self.regex is None or self.regex.search(entry.message) is not None)


@dataclass(slots=True)
class _Draft:
    """What the options add up to: words that are read together at the end, and the rest."""

    formats: list[str] = field(default_factory=list)
    buffers: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    options: LogcatOptions = field(default_factory=LogcatOptions)


def parse(words: Sequence[str], tags_variable: str | None) -> LogcatOptions:
    """The options; `tags_variable` is $ANDROID_LOG_TAGS, used when there is no filter. Raises LogcatError."""
    draft = _Draft()
    try:
        options, filters = getopt.gnu_getopt(list(words), SHORT, LONG)
    except getopt.GetoptError as fault:
        raise LogcatError(f"logcat: {fault.msg}") from None
    for name, value in options:
        _read(draft, SHORT_OF.get(name, name), value)
    if not filters and tags_variable and not draft.rules:
        filters = [tags_variable]
    rules = [rule for text in filters for rule in re.split(r"[ \t,]+", text) if rule]
    try:
        chosen = log_format(draft.formats)
    except UnknownFormatError as fault:
        raise LogcatError(f'Invalid parameter "{fault}" to -v') from None
    return replace(draft.options, format=chosen, buffers=_buffers(draft.buffers), filter=_filter(draft.rules + rules))


def _read(draft: _Draft, name: str, value: str) -> None:
    match name:
        case "-v":
            draft.formats += [word for word in SEPARATORS.split(value) if word]
        case "-b":
            draft.buffers += [word for word in SEPARATORS.split(value) if word]
        case "-s":
            draft.rules.append("*:S")
        case _:
            draft.options = _set(draft.options, name, value)


def _set(options: LogcatOptions, name: str, value: str) -> LogcatOptions:
    match name:
        case "-d":
            return replace(options, dump=True)
        case "-L":
            return replace(options, dump=True, last_boot=True)
        case "-f":
            return replace(options, file=value)
        case "-h":
            return replace(options, help=True)
        case "-p":
            return replace(options, prune_list=True)
        case "-S":
            return replace(options, statistics=True)
        case "-n" | "-r" | "-P" | "--wrap":
            return options  # a file of the log is not turned over here, nor is anything pruned by a list
        case "--print":
            return replace(options, print_all=True)
        case "--uid":
            return replace(options, uids=_uids(value))
        case "-c":
            return replace(options, clear=True)
        case "-D":
            return replace(options, dividers=True)
        case "-g":
            return replace(options, sizes=True)
        case "-G":
            return replace(options, resize=_amount(value))
        case "-e":
            return replace(options, regex=_pattern(value))
        case "-m":
            return replace(options, max_count=_count(name, value))
        case "--pid":
            return replace(options, pid=_count(name, value))
        case _:
            return _tail(options, name, value)


def _tail(options: LogcatOptions, name: str, value: str) -> LogcatOptions:
    """`-t` ends after what it shows, `-T` goes on."""
    dump = options.dump or name == "-t"
    if value.isdecimal():
        return replace(options, dump=dump, tail_count=max(1, int(value)))
    moment_ns = parse_time(value)
    if moment_ns is None:
        raise LogcatError(f'{name} "{value}" not in time format')
    return replace(options, dump=dump, tail_since_ns=moment_ns)


def _pattern(value: str) -> re.Pattern[str]:
    try:
        return re.compile(value)
    except re.error:
        raise LogcatError(f"logcat: bad regular expression: {value}") from None


def parse_time(text: str) -> int | None:
    """`MM-DD hh:mm:ss.mmm`, `YYYY-MM-DD hh:mm:ss.mmm` or `sssss.mmm` in ns since 1970, UTC; None for anything else."""
    whole, _, fraction = text.strip().partition(".")
    if not (fraction or "0").isdecimal():
        return None
    ns = int(f"{fraction:0<9}"[:9])
    if whole.isdecimal():
        return int(whole) * 10**9 + ns
    this_year = time.gmtime().tm_year
    for form, dated in (("%Y-%m-%d %H:%M:%S", whole), ("%Y-%m-%d %H:%M:%S", f"{this_year}-{whole}")):
        try:
            moment = time.strptime(f"{dated} UTC", f"{form} %Z")
        except ValueError:
            continue
        return calendar.timegm(moment) * 10**9 + ns
    return None


def _buffers(words: list[str]) -> tuple[Buffer, ...]:
    wanted: set[Buffer] = set()
    for word in words:
        if word == "all":
            wanted |= set(BUFFERS)
        elif word == "default":
            wanted |= set(DEFAULT_BUFFERS)
        elif (known := next((name for name in BUFFERS if name == word), None)) is not None:
            wanted.add(known)
        else:
            raise LogcatError(f"Unknown -b buffer '{word}'")
    return tuple(name for name in BUFFERS if name in wanted) or DEFAULT_BUFFERS


def _filter(rules: list[str]) -> TagFilter:
    """The rules together; for the same tag the last one counts, as in liblog."""
    others, tags = "V", dict[str, str]()
    for rule in rules:
        tag, colon, level = rule.partition(":")
        letter = level[:1].upper()
        if not tag or (colon and letter not in RANKS and letter != "*"):
            raise LogcatError(f"Invalid filter expression '{rule}'")
        if tag == "*":
            others = letter if letter in RANKS else "D"
        else:
            tags[tag] = letter if letter in RANKS else "V"
    return TagFilter(others, tags)


def _uids(value: str) -> frozenset[int]:
    """Numbers or names, separated by commas."""
    found = set[int]()
    for word in value.split(","):
        try:
            found.add(user_id(word))
        except KeyError:
            raise LogcatError(f"Unable to parse UID '{word}'") from None
    return frozenset(found)


def _count(name: str, value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise LogcatError(f"{name} {value} out of range")
    return int(value)


def _amount(value: str) -> int:
    number, unit = (value[:-1], value[-1:].upper()) if value[-1:].upper() in UNITS else (value, "")
    if not number.isdecimal():
        raise LogcatError("ERROR: -G <size> must be a number")
    return int(number) * UNITS.get(unit, 1)
