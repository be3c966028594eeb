"""`/proc/pressure/{cpu,io,memory}`: pressure stall information (Linux Documentation/accounting/psi.rst)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered

KIND = "psi"
_NUMBER = r"(\d{1,3}\.\d{1,6})"
_LINE = re.compile(rf"(some|full) avg10={_NUMBER} avg60={_NUMBER} avg300={_NUMBER} total=(\d{{1,20}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stall:
    """Share of the last 10, 60 and 300 s that was lost waiting, and the time lost since boot."""

    avg10_percent: float
    avg60_percent: float
    avg300_percent: float
    total_us: int


@dataclass(frozen=True, slots=True)
class Pressure:
    """`some`: at least one task waited; `full`: all did (older kernels have no such line for the CPU)."""

    some: Stall | None
    full: Stall | None


def parse(text: str) -> Pressure:
    """One resource; DumpError where a line is not as the kernel prints it, comes twice, or none is there."""
    stalls: dict[str, Stall] = {}
    for number, line in numbered(text):
        share = line.split()[0]
        if share not in ("some", "full"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or share in stalls:
            raise DumpError(KIND, number, f"`{share} avg10=N.NN avg60=N.NN avg300=N.NN total=N`, once")
        stalls[share] = Stall(float(match[2]), float(match[3]), float(match[4]), int(match[5]))
    if not stalls:
        raise DumpError(KIND, after_last(text), "a line that begins with `some` or `full`")
    return Pressure(stalls.get("some"), stalls.get("full"))
