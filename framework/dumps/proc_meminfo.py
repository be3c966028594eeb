"""`/proc/meminfo`: the handset's memory, in kB as the kernel prints it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIELD = re.compile(r"^\s*(?P<key>[A-Za-z_()]+):\s+(?P<value>\d+)(?: kB)?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MemInfo:
    """`available_kb` is None on kernels before 3.14, which do not tell it."""

    total_kb: int
    free_kb: int
    available_kb: int | None
    cached_kb: int
    swap_total_kb: int
    swap_free_kb: int


def parse(text: str) -> MemInfo | None:
    """The record; None for a text without MemTotal."""
    fields = {match["key"]: int(match["value"]) for match in _FIELD.finditer(text)}
    if "MemTotal" not in fields:
        return None
    return MemInfo(
        total_kb=fields["MemTotal"],
        free_kb=fields.get("MemFree", 0),
        available_kb=fields.get("MemAvailable"),
        cached_kb=fields.get("Cached", 0),
        swap_total_kb=fields.get("SwapTotal", 0),
        swap_free_kb=fields.get("SwapFree", 0),
    )
