"""Clocks: what the thermal engine allows, and at what frequency each CPU runs."""

from __future__ import annotations

from bisect import bisect_right

from framework.virtual.physics.variation import uniform
from framework.virtual.profiles.record import Cluster, Soc, Thermal

FREQUENCY_STEP_KHZ = 115_200
"""Distance of two operating points on Snapdragon's CPUs."""


WINDOW_NS = 8_000_000
"""A window of WALT, the scheduler's load tracking on Snapdragons, on a display of 120 Hz."""

RAMP_UP = (0.0, 0.4, 0.8, 1.0)
RAMP_DOWN = (1.0, 1.0, 0.5, 0.25, 0.0)
"""Level of the clock by windows since the load came, or went: the average of the last windows decides."""


class ThermalEngine:
    """Steps of throttling with hysteresis: one step up at a trip, one down below it by the hysteresis."""

    def __init__(self, thermal: Thermal) -> None:
        self._steps = thermal.steps
        self._hysteresis_c = thermal.hysteresis_c
        self.level = 0

    def update(self, skin_c: float, die_c: float) -> None:
        while self.level < len(self._steps) and self._over(self.level, skin_c, die_c, margin=0.0):
            self.level += 1
        if self.level and not self._over(self.level - 1, skin_c, die_c, margin=self._hysteresis_c):
            self.level -= 1

    @property
    def clock_share(self) -> float:
        """The limit on the clocks as a share of nominal."""
        return self._steps[self.level - 1].share if self.level else 1.0

    def _over(self, index: int, skin_c: float, die_c: float, *, margin: float) -> bool:
        step = self._steps[index]
        return skin_c >= step.skin_c - margin or die_c >= step.die_c - margin


class Governor:
    """The clock of each cluster, which follows the load as WALT does: window by window up, and down again.

    It depends on nothing but when the load changed: `follow` is told, everything else only looks.
    """

    def __init__(self, soc: Soc) -> None:
        self._clusters = [_ClusterClock(soc, cluster) for cluster in soc.clusters]
        self._busy = range(0)
        self._still_ns = 0
        """From then on no clock changes until the load does."""

        self._steady: dict[tuple[range, range, float], float] = {}

    def follow(self, busy: range, at_ns: int) -> None:
        """From `at_ns` on these CPUs are full."""
        self._busy = busy
        for clock in self._clusters:
            clock.turn(any(cpu in busy for cpu in clock.cpus), at_ns)
        self._still_ns = max(clock.still_ns for clock in self._clusters)

    def restart(self, at_ns: int) -> None:
        """Begin anew at `at_ns`, with nothing to do."""
        self._busy, self._still_ns = range(0), at_ns
        for clock in self._clusters:
            clock.restart(at_ns)

    def next_change(self, at_ns: int) -> int | None:
        """When a clock changes next by itself; None while all are where the load wants them."""
        if at_ns >= self._still_ns:
            return None
        return min((edge for clock in self._clusters if (edge := clock.next_edge(at_ns)) is not None), default=None)

    def khz(self, cpu: int, limit: float, at_ns: int) -> int | None:
        """The clock of a CPU under a limit (share of nominal); None while it has nothing to do."""
        clock = self._clock_of(cpu)
        level = clock.level(at_ns)
        return clock.point(level, limit) if level else None

    def share(self, cpus: range, limit: float, at_ns: int) -> float:
        """The clocks of these CPUs together under a limit, as a share of nominal."""
        if self.next_change(at_ns) is not None:
            return self._share(cpus, limit, at_ns)
        key = (cpus, self._busy, limit)
        if key not in self._steady:
            self._steady[key] = self._share(cpus, limit, at_ns)
        return self._steady[key]

    def _share(self, cpus: range, limit: float, at_ns: int) -> float:
        clocks = [self._clock_of(cpu) for cpu in cpus]
        now = sum(clock.point(clock.level(at_ns), limit) for clock in clocks)
        return now / sum(clock.points[-1] for clock in clocks)

    def _clock_of(self, cpu: int) -> _ClusterClock:
        return next(clock for clock in self._clusters if cpu in clock.cpus)


class _ClusterClock:
    """One cluster: its level between the lowest clock (0) and the limit (1) since the load last came or went."""

    def __init__(self, soc: Soc, cluster: Cluster) -> None:
        first = soc.first_cpu(cluster)
        self.cpus = range(first, first + cluster.cores)
        self.points = frequencies_khz(cluster)
        self.busy = False
        self._since_ns = 0
        self._from = 0.0

    def restart(self, at_ns: int) -> None:
        self.busy, self._from, self._since_ns = False, 0.0, at_ns

    def turn(self, busy: bool, at_ns: int) -> None:
        if busy != self.busy:
            self._from, self._since_ns, self.busy = self.level(at_ns), at_ns, busy

    @property
    def still_ns(self) -> int:
        """When it comes to where the load wants it."""
        return self._since_ns + (len(RAMP_UP if self.busy else RAMP_DOWN) - 1) * WINDOW_NS

    def level(self, at_ns: int) -> float:
        window = max(0, at_ns - self._since_ns) // WINDOW_NS
        if self.busy:
            return self._from + (1 - self._from) * RAMP_UP[min(window, len(RAMP_UP) - 1)]
        return self._from * RAMP_DOWN[min(window, len(RAMP_DOWN) - 1)]

    def next_edge(self, at_ns: int) -> int | None:
        window = max(0, at_ns - self._since_ns) // WINDOW_NS
        if self._from == self.busy or window >= len(RAMP_UP if self.busy else RAMP_DOWN) - 1:
            return None
        return self._since_ns + (window + 1) * WINDOW_NS

    def point(self, level: float, limit: float) -> int:
        """The highest operating point within the level and the limit."""
        lowest, highest = self.points[0], self.points[-1] * limit
        return max(lowest, self.points[bisect_right(self.points, lowest + level * (highest - lowest)) - 1])


def frequencies_khz(cluster: Cluster) -> tuple[int, ...]:
    """The operating points of a cluster, ascending; the nominal clock is the last."""
    return (*range(cluster.min_khz, cluster.nominal_khz, FREQUENCY_STEP_KHZ), cluster.nominal_khz)


def limited_khz(cluster: Cluster, clock_share: float) -> int:
    """The highest operating point within a limit."""
    allowed = cluster.nominal_khz * clock_share
    return max((khz for khz in frequencies_khz(cluster) if khz <= allowed), default=cluster.min_khz)


def idle_khz(soc: Soc, cpu: int, *moment: object) -> int:
    """A CPU with little to do hops among its lowest operating points."""
    lowest = frequencies_khz(soc.cluster_of(cpu))[:4]
    return lowest[int(uniform("idle", soc.first_cpu(soc.cluster_of(cpu)), *moment) ** 3 * len(lowest))]
