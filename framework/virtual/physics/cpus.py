"""The CPUs: clocks and busy time, one by one."""

from __future__ import annotations

from framework.virtual.physics.body import STEP_NS, Body
from framework.virtual.physics.governor import idle_khz, limited_khz
from framework.virtual.profiles.record import Soc

BACKGROUND_SHARE = 0.03
"""CPU time that Android itself uses at rest."""


class Cpus:
    """Frequencies in kHz and busy time in ns."""

    def __init__(self, soc: Soc, body: Body, seed: int) -> None:
        self.soc = soc
        self._body = body
        self._seed = seed

    def cap(self, share: float | None) -> None:
        """A vendor's limit on all clocks, as a share of nominal; no thermal status tells of it. None lifts it."""
        self._body.settle()
        self._body.cap = 1.0 if share is None else share

    def max_khz(self, cpu: int, now_ns: int) -> int:
        """scaling_max_freq: what the thermal engine, or the vendor, allows."""
        self._body.advance(now_ns)
        return limited_khz(self.soc.cluster_of(cpu), self._body.clock_share)

    def cur_khz(self, cpu: int, now_ns: int) -> int:
        """scaling_cur_freq: what the governor has come to; low while the cluster has nothing to do."""
        limit = self.max_khz(cpu, now_ns)
        khz = self._body.parts.governor.khz(cpu, self._body.clock_share, now_ns)
        return khz or min(limit, idle_khz(self.soc, cpu, self._seed, now_ns // STEP_NS))

    def busy_ns(self, now_ns: int) -> tuple[int, ...]:
        """Time that each CPU has worked since boot."""
        self._body.advance(now_ns)
        background = int(now_ns * BACKGROUND_SHARE)
        return tuple(min(now_ns, busy + background) for busy in self._body.busy_ns)

    def running(self, now_ns: int) -> int:
        """Threads that want a CPU now."""
        self._body.advance(now_ns)
        return self._body.parts.load.threads

    def threads_at_work(self, pid: int) -> set[str]:
        """The names of a process's threads that want a CPU now."""
        return {name for work in self._body.parts.load.works if work.pid == pid for name in work.thread_names}
