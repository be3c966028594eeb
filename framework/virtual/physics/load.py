"""What the handset is busy with: kinds of work, the power they draw and the CPUs they fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from framework.virtual.physics.variation import around
from framework.virtual.profiles.record import PowerDraw, Profile

WorkKind = Literal["prefill", "decode", "listen", "speak"]

ON_ALL_BIG_CORES: tuple[WorkKind, ...] = ("prefill", "decode")
"""These run on as many threads as are fastest; the others on one."""


@dataclass(frozen=True, eq=False, slots=True)
class Work:
    """One stretch of work by one process; it is over when `Load.end` is told so."""

    kind: WorkKind
    pid: int
    threads: int


class Load:
    """All work under way."""

    def __init__(self, profile: Profile, seed: int) -> None:
        self._draw: PowerDraw = profile.power_w
        self._unit = around(1.0, 0.05, seed, "power")
        self._soc = profile.soc
        self.works: list[Work] = []

    def begin(self, kind: WorkKind, pid: int) -> Work:
        work = Work(kind, pid, self._soc.efficient_threads if kind in ON_ALL_BIG_CORES else 1)
        self.works.append(work)
        return work

    def end(self, work: Work) -> None:
        self.works.remove(work)

    def idle_watts(self) -> float:
        return self._draw.idle * self._unit

    def work_watts(self, clock_share: float) -> float:
        """Power of the work itself; with the clocks falls their voltage too, so it follows their square."""
        return sum(float(getattr(self._draw, work.kind)) for work in self.works) * self._unit * clock_share**2

    def busy_cpus(self) -> range:
        """The CPUs that are full: from the fastest down, as the scheduler places heavy threads."""
        threads = min(sum(work.threads for work in self.works), self._soc.cores)
        return range(self._soc.cores - threads, self._soc.cores)
