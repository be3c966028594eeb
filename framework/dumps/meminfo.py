"""`dumpsys meminfo [PACKAGE]`: one process by category, or the whole handset (AOSP ActivityThread.dumpMemInfoTable
and ActivityManagerService.dumpApplicationMemoryUsage).

Columns are read by their heading: their number and order change with release and options (`-d`, `-a`, swap by PSS or
not). Labels of totals vary too: `TOTAL`, `TOTAL PSS`, `TOTAL SWAP PSS`, `TOTAL SWAP (KB)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered
from framework.dumps.meminfo_system import SystemMemory, parse_system

KIND = "meminfo"
COLUMNS = {
    "pss total": "pss_kb",
    "pss": "pss_kb",
    "pss clean": "pss_clean_kb",
    "shared dirty": "shared_dirty_kb",
    "shared clean": "shared_clean_kb",
    "private dirty": "private_dirty_kb",
    "private clean": "private_clean_kb",
    "swappss dirty": "swap_pss_kb",
    "swap dirty": "swap_kb",
    "swapped dirty": "swap_kb",
    "rss total": "rss_kb",
    "heap size": "heap_size_kb",
    "heap alloc": "heap_alloc_kb",
    "heap free": "heap_free_kb",
}
"""The two lines of a heading → field."""

_CLOCK = re.compile(r"^Uptime: (?P<uptime>[0-9]{1,18}) Realtime: (?P<realtime>[0-9]{1,18})")
_PROCESS = re.compile(r"\*\* MEMINFO in pid (?P<pid>[0-9]{1,10}) \[(?P<process>[^\]]*)\]")
_ROW = re.compile(r"\s*(?P<name>\S.*?)\s+(?P<numbers>[0-9]{1,15}(?:\s+[0-9]{1,15})*)")
_SUMMARY = re.compile(r"(?P<label>[A-Z][A-Za-z ]*(?:\(KB\))?):(?P<numbers>(?: *[0-9]{1,15})*)")
_HEADINGS = ("pss", "shared", "private", "swap", "swapped", "swappss", "rss", "heap")


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """One category, all in kB; None for a column that the dump does not have or leaves blank in this row."""

    name: str
    pss_kb: int | None = None
    pss_clean_kb: int | None = None
    shared_dirty_kb: int | None = None
    shared_clean_kb: int | None = None
    private_dirty_kb: int | None = None
    private_clean_kb: int | None = None
    swap_pss_kb: int | None = None
    swap_kb: int | None = None
    rss_kb: int | None = None
    heap_size_kb: int | None = None
    heap_alloc_kb: int | None = None
    heap_free_kb: int | None = None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A line of the App Summary (Java Heap, Code, Graphics, …); `rss_kb` since Android 11."""

    name: str
    pss_kb: int | None
    rss_kb: int | None


@dataclass(frozen=True, slots=True)
class ProcessMemory:
    """`rows` are the categories in their order, without the total; `details` those under Dalvik Details.

    `total_swap_pss_kb` and `total_swap_kb` exclude each other: the kernel tells swap by share or it does not.
    """

    pid: int
    process: str
    total_pss_kb: int | None
    total_rss_kb: int | None
    total_swap_pss_kb: int | None
    total_swap_kb: int | None
    rows: tuple[MemoryRow, ...]
    details: tuple[MemoryRow, ...]
    summary: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class MeminfoDump:
    """`uptime_ms` is the monotonic clock, `realtime_ms` the boot-time clock, read together when the dump began."""

    uptime_ms: int | None
    realtime_ms: int | None
    processes: tuple[ProcessMemory, ...]
    system: SystemMemory | None


def parse(text: str) -> MeminfoDump:
    """DumpError for a text that tells neither of a process nor of the handset."""
    lines = [line for _, line in numbered(text)]
    clock = next((found for line in lines if (found := _CLOCK.match(line))), None)
    starts = [index for index, line in enumerate(lines) if _PROCESS.search(line)]
    processes = [_process(lines[start:end]) for start, end in pairwise([*starts, len(lines)])]
    system = parse_system(lines)
    if not processes and system is None:
        raise DumpError(KIND, after_last(text), "`** MEMINFO in pid N [NAME] **` or `Total RAM: NK`")
    return MeminfoDump(
        uptime_ms=int(clock["uptime"]) if clock else None,
        realtime_ms=int(clock["realtime"]) if clock else None,
        processes=tuple(processes),
        system=system,
    )


def _process(lines: list[str]) -> ProcessMemory:
    head = _PROCESS.search(lines[0])
    assert head is not None
    table, details, summary = _sections(lines[1:])
    columns = _columns(table)
    rows, totals = _split(_rows(table, columns))
    total = totals[0] if totals else MemoryRow("TOTAL")
    told = _summary(summary)
    return ProcessMemory(
        pid=int(head["pid"]),
        process=head["process"],
        total_pss_kb=_first(total.pss_kb, told.get("TOTAL PSS"), told.get("TOTAL")),
        total_rss_kb=_first(total.rss_kb, told.get("TOTAL RSS")),
        total_swap_pss_kb=_first(total.swap_pss_kb, told.get("TOTAL SWAP PSS")),
        total_swap_kb=_first(total.swap_kb, told.get("TOTAL SWAP (KB)")),
        rows=rows,
        details=_split(_rows(details, columns))[0],
        summary=tuple(_summary_rows(summary)),
    )


def _sections(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The table, the Dalvik Details and the App Summary; other sections are not read."""
    sections: dict[str, list[str]] = {"": [], "Dalvik Details": [], "App Summary": []}
    section = ""
    for line in lines:
        if line.strip() in ("Dalvik Details", "App Summary", "Objects", "SQL", "DATABASES", "Native Allocations"):
            section = line.strip()
        elif section in sections:
            sections[section].append(line)
    return sections[""], sections["Dalvik Details"], sections["App Summary"]


def _columns(table: list[str]) -> list[str]:
    """The fields of the columns, "" for one that is not known; none where the heading is missing."""
    for first, second in pairwise(table):
        upper, lower = first.lower().split(), second.lower().split()
        if upper and lower and set(upper) <= set(_HEADINGS) and len(upper) <= len(lower):
            upper = [""] * (len(lower) - len(upper)) + upper
            return [COLUMNS.get(f"{a} {b}".strip(), "") for a, b in zip(upper, lower, strict=True)]
    return []


def _rows(lines: list[str], columns: list[str]) -> list[MemoryRow]:
    rows: list[MemoryRow] = []
    for line in lines:
        match = _ROW.fullmatch(line)
        if match is None:
            continue
        numbers = [int(number) for number in match["numbers"].split()]
        # Only the columns of the heap, the last ones, are left blank.
        cells = {field: number for field, number in zip(columns, numbers, strict=False) if field}
        rows.append(MemoryRow(match["name"], **cells))
    return rows


def _split(rows: list[MemoryRow]) -> tuple[tuple[MemoryRow, ...], list[MemoryRow]]:
    totals = [row for row in rows if row.name == "TOTAL"]
    return tuple(row for row in rows if row.name != "TOTAL"), totals


def _summary(lines: list[str]) -> dict[str, int]:
    """The totals of the App Summary by their label."""
    found: dict[str, int] = {}
    for line in lines:
        for match in _SUMMARY.finditer(line):
            if match["label"].startswith("TOTAL") and match["numbers"].strip():
                found.setdefault(match["label"], int(match["numbers"].split()[0]))
    return found


def _summary_rows(lines: list[str]) -> list[SummaryRow]:
    rows: list[SummaryRow] = []
    for line in lines:
        match = _SUMMARY.fullmatch(line.strip())
        if match is None or match["label"].startswith("TOTAL") or not match["numbers"].strip():
            continue
        numbers = [int(number) for number in match["numbers"].split()]
        pss_is_blank = match["numbers"].startswith(" " * 20)
        pss, rss = (None, numbers[0]) if pss_is_blank else (numbers[0], numbers[1] if len(numbers) > 1 else None)
        rows.append(SummaryRow(match["label"], pss, rss))
    return rows


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
