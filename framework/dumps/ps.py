"""`ps`: processes (or threads, with -T), of toybox with any columns and of the toolbox until Android 7."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered

KIND = "ps"
_LAST = ("NAME", "CMD", "ARGS", "COMMAND")
"""Columns that may hold blanks: they end the line."""


@dataclass(frozen=True, slots=True)
class Process:
    """None for a column that was not asked for; `name` is the last of NAME, CMD or ARGS as printed."""

    pid: int
    ppid: int | None
    tid: int | None
    user: str | None
    vsz_kb: int | None
    rss_kb: int | None
    wchan: str | None
    state: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Ps:
    processes: tuple[Process, ...]


def parse(text: str) -> Ps:
    """DumpError without a header that has PID and ends with a name, for a row that does not fit it, or without rows."""
    header: list[str] = []
    rows: list[Process] = []
    for number, line in numbered(text):
        words = line.split()
        if "PID" in words and words[-1] in _LAST:
            header = _columns(words)
        elif header:
            rows.append(_row(number, line, header))
    if not header:
        raise DumpError(KIND, 1, "a header with PID and, last, NAME, CMD or ARGS")
    if not rows:
        raise DumpError(KIND, after_last(text), "a row with " + " ".join(header))
    return Ps(tuple(rows))


def _columns(words: list[str]) -> list[str]:
    """The old toolbox prints the state between PC and NAME without a heading."""
    return [*words[:-1], "S", words[-1]] if words[-2] == "PC" else words


def _row(number: int, line: str, header: list[str]) -> Process:
    cells = dict(zip(header, line.split(maxsplit=len(header) - 1), strict=False))
    name = cells.get(header[-1])
    numbers = {
        column: _number(number, column, cells[column])
        for column in ("PID", "PPID", "TID", "VSZ", "VSIZE", "RSS")
        if column in cells
    }
    if name is None or "PID" not in numbers:
        raise DumpError(KIND, number, "a row with " + " ".join(header))
    return Process(
        pid=numbers["PID"],
        ppid=numbers.get("PPID"),
        tid=numbers.get("TID"),
        user=cells.get("USER", cells.get("UID")),
        vsz_kb=numbers.get("VSZ", numbers.get("VSIZE")),
        rss_kb=numbers.get("RSS"),
        wchan=cells.get("WCHAN"),
        state=cells.get("S"),
        name=name,
    )


def _number(number: int, column: str, cell: str) -> int:
    if re.fullmatch(r"\d{1,15}", cell, re.ASCII) is None:
        raise DumpError(KIND, number, f"{column} as a whole number")
    return int(cell)
