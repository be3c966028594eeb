"""Whether the assistant is still the same process: its start time tells it from a later one with the same number."""

from __future__ import annotations

from framework.contract.trace import Instant
from framework.dumps import proc_stat
from framework.trace.probes.probe import Probe, Reading, Scene

Identity = tuple[int, int]
"""PID and start time (ticks since boot)."""


class ProcessReader:
    """Tells when it is gone, and when another has taken its place."""

    def __init__(self, scene: Scene) -> None:
        self._package = scene.package
        self._known: Identity | None = None
        self._gone = False
        self._seen_ns = 0

    def __call__(self, device_ns: int, text: str) -> Reading:
        tasks = proc_stat.parse(text).tasks if text else ()
        now: Identity | None = (tasks[0].pid, tasks[0].start_ticks) if tasks else None
        told = self._told(now)
        since_ns, self._seen_ns = self._seen_ns or device_ns, device_ns
        self._gone = now is None
        self._known = now or self._known
        if told is None:
            return Reading()
        bound_ns = (device_ns - since_ns + 1) // 2
        return Reading(instants=(Instant("process", f"{self._package}: {told}", device_ns - bound_ns, bound_ns),))

    def _told(self, now: Identity | None) -> str | None:
        if self._known is None or now == self._known:
            return None
        if now is None:
            return None if self._gone else f"process {self._known[0]} is gone"
        return f"process {self._known[0]} was followed by {now[0]}"


PROBE = Probe(
    name="process",
    available="[ -r /proc/self/stat ]",
    script='[ -z "$pid" ] || text=$(</proc/$pid/stat)',
    reader=ProcessReader,
    period_s=0.5,
)
