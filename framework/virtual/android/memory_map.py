"""Where a process's memory lies, by the categories of android.os.Debug.MemoryInfo; all figures in kB.

The resident pages are those of /proc/PID/status, divided up; what the GPU holds comes on top, as memtrack reports it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framework.virtual.android.graphics import Graphics

if TYPE_CHECKING:
    from framework.virtual.system.processes import Process

SHARERS = 24
"""Processes that a shared page is counted with: what zygote has loaded, all apps have."""

NATIVE, JAVA, OTHER_MMAP, STACK = "Native Heap", "Dalvik Heap", "Other mmap", "Stack"


@dataclass(frozen=True, slots=True)
class Part:
    """How much of the pages goes to one category, at most `most_kb`, and the share of it that others have too."""

    name: str
    share: float
    shared: float
    most_kb: int = 1 << 40
    dirty: float = 0.0


ANON_OF_JAVA = (
    Part(JAVA, 0.2, 0.12, 30 << 10, 1.0),
    Part("Dalvik Other", 0.05, 0.3, 6 << 10, 1.0),
    Part(STACK, 0.02, 0.0, 2 << 10, 1.0),
    Part(".art mmap", 0.08, 0.5, 9 << 10, 1.0),
    Part("Unknown", 0.03, 0.1, 4 << 10, 1.0),
)
ANON_OF_NATIVE = (Part(STACK, 0.04, 0.0, 1 << 10, 1.0), Part("Unknown", 0.1, 0.2, 2 << 10, 1.0))
FILES_OF_JAVA = (
    Part(".jar mmap", 0.28, 0.94),
    Part(".apk mmap", 0.16, 0.35),
    Part(".ttf mmap", 0.05, 0.6),
    Part(".dex mmap", 0.06, 0.2),
    Part(".oat mmap", 0.08, 0.97),
    Part("Ashmem", 0.01, 0.9),
    Part("Other dev", 0.01, 0.5),
)
REST_OF_ANON, REST_OF_FILES = Part(NATIVE, 1.0, 0.02, dirty=1.0), Part(".so mmap", 1.0, 0.86, dirty=0.1)
ORDER = (
    *(NATIVE, JAVA, "Dalvik Other", STACK, "Ashmem", "Other dev", ".so mmap", ".jar mmap", ".apk mmap", ".ttf mmap"),
    *(".dex mmap", ".oat mmap", ".art mmap", OTHER_MMAP, "EGL mtrack", "GL mtrack", "Unknown"),
)
SWAPPED = ((NATIVE, 0.7), (JAVA, 0.15), ("Unknown", 0.15))


@dataclass(frozen=True, slots=True)
class Row:
    """One category."""

    name: str
    pss: int = 0
    dirty: int = 0
    clean: int = 0
    swap: int = 0
    rss: int = 0

    @property
    def private(self) -> int:
        return self.dirty + self.clean


def memory_rows(process: Process, graphics: Graphics | None) -> tuple[Row, ...]:
    """All categories that have anything, in the order of the dump; the heaps always."""
    memory, java = process.memory, "/" not in process.name and not process.name.startswith("[")
    weights = memory.weights_bytes >> 10
    anon = (memory.rss_bytes >> 10) - (memory.file_bytes >> 10)
    rows = [*_divide(anon, ANON_OF_JAVA if java else ANON_OF_NATIVE, REST_OF_ANON)]
    rows += _divide((memory.file_bytes >> 10) - weights, FILES_OF_JAVA if java else (), REST_OF_FILES)
    rows.append(Row(OTHER_MMAP, weights, 0, weights, 0, weights))
    if graphics is not None:
        rows += [_owned("EGL mtrack", graphics.egl_bytes >> 10), _owned("GL mtrack", graphics.gl_bytes >> 10)]
    by_name = {row.name: row for row in _with_swap(rows, memory.swap_bytes >> 10)}
    ordered = (by_name.get(name, Row(name)) for name in ORDER)
    return tuple(row for row in ordered if row.rss or row.swap or row.name in (NATIVE, JAVA))


def total(rows: Iterable[Row]) -> Row:
    """The row TOTAL; what is swapped out counts as used (MemoryInfo.getTotalPss)."""
    rows = tuple(rows)
    pss, swap = sum(row.pss for row in rows), sum(row.swap for row in rows)
    dirty, clean, rss = (sum(getattr(row, figure) for row in rows) for figure in ("dirty", "clean", "rss"))
    return Row("TOTAL", pss + swap, dirty, clean, swap, rss)


def _divide(amount: int, parts: Iterable[Part], rest: Part) -> list[Row]:
    rows = []
    for part in parts:
        taken = min(int(amount * part.share), part.most_kb)
        rows.append(_row(part, taken))
    return [*rows, _row(rest, amount - sum(row.rss for row in rows))]


def _row(part: Part, rss: int) -> Row:
    private = rss - int(rss * part.shared)
    dirty = int(private * part.dirty)
    return Row(part.name, private + (rss - private) // SHARERS, dirty, private - dirty, 0, rss)


def _owned(name: str, amount: int) -> Row:
    return Row(name, amount, amount, 0, 0, amount)


def _with_swap(rows: Iterable[Row], swap: int) -> list[Row]:
    """The swapped pages by the categories that are swapped; the rounding goes to the first."""
    names = {row.name for row in rows}
    amounts = {name: int(swap * share) for name, share in SWAPPED if name in names}
    if amounts:
        first = next(iter(amounts))
        amounts[first] += swap - sum(amounts.values())
    return [Row(row.name, row.pss, row.dirty, row.clean, amounts.get(row.name, 0), row.rss) for row in rows]
