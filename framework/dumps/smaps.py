"""`/proc/PID/smaps` and `smaps_rollup`: the memory of a process by mapping (Linux Documentation/filesystems/proc.rst).

A rollup is one mapping named [rollup] that holds the sums.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered, whole

KIND = "smaps"
_HEADER = re.compile(
    r"(?P<start>[0-9a-f]{4,16})-(?P<end>[0-9a-f]{4,16}) (?P<permissions>[-rwxsp]{4}) "
    r"[0-9a-f]{1,16} [0-9a-f]{1,4}:[0-9a-f]{1,4} \d{1,20}(?:\s+(?P<path>.*))?",
    re.ASCII,
)
_FIELDS = {
    "Size": "size_kb",
    "Rss": "rss_kb",
    "Pss": "pss_kb",
    "Pss_Dirty": "pss_dirty_kb",
    "Pss_Anon": "pss_anon_kb",
    "Pss_File": "pss_file_kb",
    "Pss_Shmem": "pss_shmem_kb",
    "Shared_Clean": "shared_clean_kb",
    "Shared_Dirty": "shared_dirty_kb",
    "Private_Clean": "private_clean_kb",
    "Private_Dirty": "private_dirty_kb",
    "Referenced": "referenced_kb",
    "Anonymous": "anonymous_kb",
    "Swap": "swap_kb",
    "SwapPss": "swap_pss_kb",
    "Locked": "locked_kb",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """kB of each sort; None for what this kernel does not tell."""

    size_kb: int | None = None
    rss_kb: int | None = None
    pss_kb: int | None = None
    pss_dirty_kb: int | None = None
    pss_anon_kb: int | None = None
    pss_file_kb: int | None = None
    pss_shmem_kb: int | None = None
    shared_clean_kb: int | None = None
    shared_dirty_kb: int | None = None
    private_clean_kb: int | None = None
    private_dirty_kb: int | None = None
    referenced_kb: int | None = None
    anonymous_kb: int | None = None
    swap_kb: int | None = None
    swap_pss_kb: int | None = None
    locked_kb: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Addresses in hexadecimal, as printed; `path` is None for an anonymous mapping without a name."""

    start: str
    end: str
    permissions: str
    path: str | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class Smaps:
    """`total` is the sum over the mappings."""

    rollup: bool
    total: Usage
    mappings: tuple[Mapping, ...]


def parse(text: str) -> Smaps:
    """DumpError where a known line is not as the kernel prints it or stands before any mapping, or none is there."""
    found: list[tuple[re.Match[str], dict[str, int]]] = []
    for number, line in numbered(text):
        if header := _HEADER.fullmatch(line):
            found.append((header, {}))
            continue
        key, colon, value = line.partition(":")
        if not colon or key not in _FIELDS:
            continue
        if not found or _FIELDS[key] in found[-1][1]:
            raise DumpError(KIND, number, f"a line `START-END PERMISSIONS OFFSET DEVICE INODE PATH` before {key}")
        found[-1][1][_FIELDS[key]] = whole(KIND, number, key, value, "kB")
    if not found:
        raise DumpError(KIND, after_last(text), "lines `START-END PERMISSIONS OFFSET DEVICE INODE PATH`")
    mappings = tuple(_mapping(header, usage) for header, usage in found)
    rollup = len(mappings) == 1 and mappings[0].path == "[rollup]"
    return Smaps(rollup, _sum([mapping.usage for mapping in mappings]), mappings)


def _mapping(header: re.Match[str], usage: dict[str, int]) -> Mapping:
    return Mapping(header["start"], header["end"], header["permissions"], header["path"] or None, Usage(**usage))


def _sum(usages: list[Usage]) -> Usage:
    """None stays None where no mapping tells it."""
    totals: dict[str, int] = {}
    for field in fields(Usage):
        values = [value for usage in usages if (value := getattr(usage, field.name)) is not None]
        if values:
            totals[field.name] = sum(values)
    return Usage(**totals)
