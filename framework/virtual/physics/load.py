"""What the handset is busy with: kinds of work, the power they draw and the CPUs they fill."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from framework.virtual.physics.variation import around
from framework.virtual.profiles.record import PowerDraw, Profile

WorkKind = Literal["prefill", "decode", "listen", "speak", "other"]

ON_ALL_BIG_CORES: tuple[WorkKind, ...] = ("prefill", "decode")
"""These run on as many threads as are fastest; the others on one."""

THREADS: dict[WorkKind, str] = {
    "prefill": "inference",
    "decode": "inference",
    "listen": "recognizer",
    "speak": "synthesizer",
    "other": "worker",
}
"""What the threads of each kind of work are called, before their number."""


@dataclass(eq=False, slots=True)
class Work:
    """One stretch of work by one process; it is over when `Load.end` is told so.

    `until_ns` is when it ended, where whoever does it knows better than the clock.
    """

    kind: WorkKind
    pid: int
    threads: int
    until_ns: int | None = None

    @property
    def thread_names(self) -> tuple[str, ...]:
        """Who does it: threads of their own, not the one that draws."""
        return names_of(THREADS[self.kind], self.threads)


@cache
def names_of(kind: str, threads: int) -> tuple[str, ...]:
    return tuple(f"{kind}-{number}" for number in range(threads))


USUAL_LIGHT = 0.8
"""Brightness at which `idle` holds, as handsets are delivered here."""

SCREEN_SHARE = 0.5
"""What the panel takes of `idle` at that brightness: an assumption, for no figures of these panels are known."""


class Load:
    """All work under way, and the light of the screen: `light` is 0 (dark) to 1."""

    def __init__(self, profile: Profile, seed: int) -> None:
        self._draw: PowerDraw = profile.power_w
        self._unit = around(1.0, 0.05, seed, "power")
        self._cores, self._efficient = profile.soc.cores, profile.soc.efficient_threads
        self.light = USUAL_LIGHT
        self.works: list[Work] = []
        self.threads = 0
        """Threads that want a CPU."""

        self.inference_cpus = range(self._cores - self._efficient, self._cores)
        """The CPUs that a language model runs on: the fastest, as many as suit it."""

    def begin(self, kind: WorkKind, pid: int, threads: int | None = None) -> Work:
        usual = self._efficient if kind in ON_ALL_BIG_CORES else 1
        work = Work(kind, pid, usual if threads is None else threads)
        self.works.append(work)
        self.threads += work.threads
        return work

    def end(self, work: Work) -> None:
        self.works.remove(work)
        self.threads -= work.threads

    def idle_watts(self) -> float:
        screen = SCREEN_SHARE * self.light / USUAL_LIGHT
        return self._draw.idle * self._unit * (1 - SCREEN_SHARE + screen)

    def work_watts(self, clock_share: float) -> float:
        """Power of the work itself; with the clocks falls their voltage too, so it follows their square."""
        return sum(map(self._watts, self.works)) * self._unit * clock_share**2 * self.share_of_cpus

    @property
    def share_of_cpus(self) -> float:
        """What each thread gets of a CPU: all of it unless there are more threads than CPUs."""
        return min(1.0, self._cores / max(1, self.threads))

    def busy_cpus(self) -> range:
        """The CPUs that are full: from the fastest down, as the scheduler places heavy threads."""
        return range(max(0, self._cores - self.threads), self._cores)

    def _watts(self, work: Work) -> float:
        """At nominal clocks; a thread of another process draws what one of decoding does."""
        if work.kind == "other":
            return self._draw.decode / self._efficient * work.threads
        return float(getattr(self._draw, work.kind))
