"""When a handset will be cool enough: an exponential towards the room's temperature, fitted to what was seen so far.

After a few readings the end of the curve is hardly known. What rooms and handsets are usually like is therefore
part of the fit (as a prior) and gives way to the readings as they come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

Reading = tuple[float, float]
"""(seconds, °C)"""

ROOM_C, ROOM_SPREAD_C = 26.0, 4.0
"""Where a handset at rest ends up: a room's temperature and a little more."""

TAU_S, TAU_SPREAD = 300.0, 0.7
"""Time constant of a handset's case (some 150 J/K over 2 K/W), and the spread of its logarithm."""

TAUS_S = tuple(30.0 * 1.15**step for step in range(34))
FEW = 10
"""Up to so many readings, all are used."""

MISFIT_C = 0.6
"""How far readings may lie from the curve: a handset is not one body, and its parts cool one after the other."""


@dataclass(frozen=True, slots=True)
class Cooling:
    """celsius(t) = end_c + drop_c * exp(-(t - since_s) / tau_s)"""

    end_c: float
    drop_c: float
    tau_s: float
    since_s: float

    def reached_s(self, limit_c: float) -> float | None:
        """The time at which `limit_c` is reached; None if it is not above the end of the curve."""
        left = limit_c - self.end_c
        if left <= 0 or self.drop_c <= 0:
            return None
        return self.since_s + self.tau_s * log(self.drop_c / left)


def fit(readings: Sequence[Reading]) -> Cooling:
    """The most probable curve through at least one reading; of many, the later half, when the SoC has cooled down."""
    later = readings[len(readings) // 2 :] if len(readings) > FEW else readings
    return min((_with_tau(later, tau) for tau in TAUS_S), key=lambda found: found[0])[1]


def ready_in_s(readings: Sequence[Reading], limit_c: float) -> float | None:
    """Seconds from the last reading until the curve is below `limit_c`; None if it will not be."""
    at = fit(readings).reached_s(limit_c)
    return None if at is None else max(0.0, at - readings[-1][0])


def _with_tau(readings: Sequence[Reading], tau: float) -> tuple[float, Cooling]:
    """Least squares for a given time constant, the room's temperature weighing like one more reading; its cost."""
    since, weight = readings[0][0], (MISFIT_C / ROOM_SPREAD_C) ** 2
    decays = [exp(-(at - since) / tau) for at, _ in readings]
    values = [celsius - ROOM_C for _, celsius in readings]
    ones, sum_x, sum_xx = len(readings) + weight, sum(decays), sum(x * x for x in decays)
    sum_y, sum_xy = sum(values), sum(x * y for x, y in zip(decays, values, strict=True))
    spread = ones * sum_xx - sum_x * sum_x
    drop = (ones * sum_xy - sum_x * sum_y) / spread
    end = (sum_y - drop * sum_x) / ones
    misses = sum((y - end - drop * x) ** 2 for x, y in zip(decays, values, strict=True)) / MISFIT_C**2
    cost = misses + (end / ROOM_SPREAD_C) ** 2 + (log(tau / TAU_S) / TAU_SPREAD) ** 2
    return cost, Cooling(ROOM_C + end, drop, tau, since)
