"""Memory of the assistant's process, from /proc/PID/status (readable by the shell user, no fork)."""

from __future__ import annotations

from collections.abc import Mapping

from framework.dumps import proc_status
from framework.trace.probes.probe import Probe, plain

KB_PER_MB = 1_000_000 / 1024
"""Series are in MB of 10^6 bytes; the kernel counts kB of 1024."""

FIELDS = {
    "vm_rss_kb": "rss_mb",
    "vm_hwm_kb": "rss_peak_mb",
    "rss_anon_kb": "rss_anon_mb",
    "rss_file_kb": "rss_file_mb",
    "vm_swap_kb": "swap_mb",
}
"""RssAnon and RssFile are not there before Linux 4.5; zram makes VmRSS fall without anything being freed."""


def read(text: str) -> Mapping[str, float]:
    """Megabytes by series; `pid` as it is, so that a change of process shows."""
    if not text:
        return {}
    status = proc_status.parse(text)
    sizes = {series: getattr(status, field) for field, series in FIELDS.items()}
    pid = {} if status.pid is None else {"pid": float(status.pid)}
    return pid | {series: size / KB_PER_MB for series, size in sizes.items() if size is not None}


PROBE = Probe(
    name="memory",
    units=lambda series: "" if series == "pid" else "MB",
    available="[ -r /proc/self/status ]",
    script='[ -z "$pid" ] || text=$(</proc/$pid/status)',
    reader=plain(read),
)
