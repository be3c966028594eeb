"""Clocks: what the thermal engine allows, and at what frequency each CPU runs."""

from __future__ import annotations

from framework.virtual.physics.variation import uniform
from framework.virtual.profiles.record import Cluster, Soc, Thermal

FREQUENCY_STEP_KHZ = 115_200
"""Distance of two operating points on Snapdragon's CPUs."""


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
