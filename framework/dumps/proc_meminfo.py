"""`/proc/meminfo`: the handset's memory, in kB as the kernel prints it."""

from __future__ import annotations

from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, amounts

KIND = "proc_meminfo"
_FIELDS = {
    "MemTotal": "total_kb",
    "MemFree": "free_kb",
    "MemAvailable": "available_kb",
    "Cached": "cached_kb",
    "SwapTotal": "swap_total_kb",
    "SwapFree": "swap_free_kb",
}


@dataclass(frozen=True, slots=True)
class MemInfo:
    """None is what the kernel does not tell: `available_kb` before 3.14, swap where it has none built in."""

    total_kb: int
    free_kb: int | None = None
    available_kb: int | None = None
    cached_kb: int | None = None
    swap_total_kb: int | None = None
    swap_free_kb: int | None = None


def parse(text: str) -> MemInfo:
    """The record; DumpError for a text without MemTotal."""
    fields = amounts(KIND, text, _FIELDS, "kB")
    if "total_kb" not in fields:
        raise DumpError(KIND, after_last(text), "a line `MemTotal: N kB`")
    return MemInfo(**fields)
