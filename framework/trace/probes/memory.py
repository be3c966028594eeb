"""Memory of the assistant's process, from /proc/PID/status (readable by the shell user, no fork)."""

from __future__ import annotations

from collections.abc import Mapping

from framework.trace.probes.probe import Probe, plain

KIB_PER_MB = 1_000_000 / 1024
FIELDS = {
    "Pid": "pid",
    "VmRSS": "rss_mb",
    "VmHWM": "rss_peak_mb",
    "RssAnon": "rss_anon_mb",
    "RssFile": "rss_file_mb",
    "VmSwap": "swap_mb",
}


def read(text: str) -> Mapping[str, float]:
    """Megabytes (10^6 bytes) by series; `pid` as it is, so that a change of process shows."""
    values = {}
    for line in text.splitlines():
        key, _, rest = line.partition(":")
        words = rest.split()
        if key in FIELDS and words and words[0].isdecimal():
            values[FIELDS[key]] = float(words[0]) / (1 if key == "Pid" else KIB_PER_MB)
    return values


PROBE = Probe(
    name="memory",
    units={name: "" if name == "pid" else "MB" for name in FIELDS.values()},
    available="[ -r /proc/self/status ]",
    script='[ -n "$pid" ] && text=$(</proc/$pid/status)',
    reader=plain(read),
)
