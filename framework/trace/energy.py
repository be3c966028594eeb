"""Energy drawn from the battery over a stretch of time, from samples of the power."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

LEAST_INSIDE = 2
"""So many samples lie in the stretch itself, or its energy is not known."""

LONGEST_NS = 3_000_000_000
"""Between two samples further apart than this, and further from the stretch's ends, the power is not known."""

Points = Sequence[tuple[int, float]]


def energy_mj(power_mw: Points, start_ns: int, end_ns: int) -> float | None:
    """Millijoules between two times: straight lines between samples in time order; None where they do not suffice.

    The power just before the first sample is taken as that sample's, and after the last as the last's.
    """
    inside = [point for point in power_mw if start_ns <= point[0] <= end_ns]
    if len(inside) < LEAST_INSIDE:
        return None
    before = [point for point in power_mw if point[0] < start_ns][-1:]
    after = [point for point in power_mw if point[0] > end_ns][:1]
    points = [*before, *inside, *after]
    if not before:
        points.insert(0, (start_ns, inside[0][1]))
    if not after:
        points.append((end_ns, inside[-1][1]))
    if any(later[0] - earlier[0] > LONGEST_NS for earlier, later in pairwise(points)):
        return None
    return sum(_between(earlier, later, start_ns, end_ns) for earlier, later in pairwise(points))


def mj_per_token(power_mw: Points, start_ns: int, end_ns: int, tokens: int) -> dict[str, float]:
    """The metric of one turn with its name; nothing without tokens or without enough samples."""
    energy = energy_mj(power_mw, start_ns, end_ns) if tokens else None
    return {} if energy is None else {"mj_per_token": energy / tokens}


def _between(earlier: tuple[int, float], later: tuple[int, float], start_ns: int, end_ns: int) -> float:
    """The part of a straight line that lies in the stretch; mW times ns are 10^-9 mJ."""
    (from_ns, from_mw), (to_ns, to_mw) = earlier, later
    begin, end = max(from_ns, start_ns), min(to_ns, end_ns)
    if begin >= end:
        return 0.0
    slope = (to_mw - from_mw) / (to_ns - from_ns)
    middle_mw = from_mw + slope * ((begin + end) / 2 - from_ns)
    return middle_mw * (end - begin) / 1e9
