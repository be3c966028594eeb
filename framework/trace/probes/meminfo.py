"""Memory of the whole handset, from /proc/meminfo (no fork)."""

from __future__ import annotations

from collections.abc import Mapping

from framework.dumps import proc_meminfo
from framework.trace.probes.memory import KB_PER_MB
from framework.trace.probes.probe import Probe, plain

FIELDS = {
    "available_kb": "mem_available_mb",
    "total_kb": "mem_total_mb",
    "swap_free_kb": "swap_free_mb",
    "swap_total_kb": "swap_total_mb",
}


def read(text: str) -> Mapping[str, float]:
    memory = proc_meminfo.parse(text)
    sizes = {series: getattr(memory, field) for field, series in FIELDS.items()}
    return {series: size / KB_PER_MB for series, size in sizes.items() if size is not None}


PROBE = Probe(
    name="meminfo",
    units=lambda series: "MB",
    available="[ -r /proc/meminfo ]",
    script="text=$(</proc/meminfo)",
    reader=plain(read),
    period_s=1.0,
)
