"""`df`: room on the file systems, of toybox, busybox and the toolbox until Android 5."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered, size_kb

KIND = "df"
_ROW = re.compile(
    r"(?P<filesystem>\S+)\s+(?P<size>[\d.]+[KMGTP]?)\s+(?P<used>[\d.]+[KMGTP]?)\s+(?P<free>[\d.]+[KMGTP]?)"
    r"\s+(?:(?P<percent>\d{1,3})%|-|(?P<block>\d{1,7}))(?:\s+(?P<mount>/.*))?",
    re.ASCII,
)
_HEADER = re.compile(r"Filesystem\s+(?P<unit>\S+)\s.*", re.ASCII)
_KB = {"1K-blocks": 1.0, "1024-blocks": 1.0, "512-blocks": 0.5, "Size": 1 / 1024}
"""Heading of the size → kB that a number without a letter counts by: those of `-h` are bytes then."""


@dataclass(frozen=True, slots=True)
class FileSystem:
    """One line, in kB as exact as it was printed; the old toolbox tells no device and no percentage."""

    device: str | None
    mount: str
    size_kb: int
    used_kb: int
    available_kb: int
    used_percent: int | None


@dataclass(frozen=True, slots=True)
class Df:
    filesystems: tuple[FileSystem, ...]


def parse(text: str) -> Df:
    """DumpError without a header in known units, for a row that is none, or where there is no row.

    Lines of `df:` itself are errors of single file systems and passed over. A device too long for its column may
    stand on a line of its own.
    """
    rows: list[FileSystem] = []
    kb: float | None = None
    device = ""
    for number, line in numbered(text):
        if line.lstrip().startswith("df: "):
            continue
        if header := _HEADER.fullmatch(line):
            kb = _KB.get(header["unit"])
            continue
        if kb is None:
            raise DumpError(KIND, number, "the header `Filesystem 1K-blocks Used Available Use% Mounted on`")
        match = _ROW.fullmatch(f"{device} {line.strip()}".strip())
        if match is not None:
            rows.append(_row(number, match, kb))
        elif device or " " in line.strip():
            raise DumpError(KIND, number, "device, size, used, available, percentage and mount point")
        device = "" if match else line.strip()
    if device or not rows:
        raise DumpError(KIND, after_last(text), "a row with size, used, available, percentage and mount point")
    return Df(tuple(rows))


def _row(number: int, match: re.Match[str], kb: float) -> FileSystem:
    size, used, free = (
        _size_kb(number, name, match[group], kb)
        for name, group in (("size", "size"), ("used", "used"), ("available", "free"))
    )
    if (match["mount"] is None) != (match["block"] is not None):
        raise DumpError(KIND, number, "a percentage and a mount point, or a block size alone")
    if match["mount"] is None:
        return FileSystem(None, match["filesystem"], size, used, free, None)
    percent = int(match["percent"]) if match["percent"] else None
    return FileSystem(match["filesystem"], match["mount"], size, used, free, percent)


def _size_kb(number: int, name: str, text: str, kb: float) -> int:
    whole_kb = size_kb(KIND, number, name, text)
    return round(whole_kb * kb) if text[-1].isdecimal() else whole_kb
