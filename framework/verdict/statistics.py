"""The statistics that budgets are written with, exactly defined."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from framework.contract.metrics import Statistic

PERCENT: dict[Statistic, float] = {"p50": 50, "p90": 90, "p95": 95, "p99": 99}


def percentile(values: Sequence[float], percent: float) -> float:
    """Linear between the two nearest ranks (Hyndman and Fan's type 7, numpy's default); ValueError without values."""
    if not values:
        raise ValueError("a percentile needs at least one value")
    ordered = sorted(values)
    rank = (len(ordered) - 1) * percent / 100
    below = math.floor(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (rank - below)


def statistic(name: Statistic, values: Sequence[float], better: Literal["lower", "higher"] = "lower") -> float:
    """One statistic of at least one value; the mean is arithmetic, each value counts the same.

    `pNN` is counted from the good end: NN percent of the values are at least as good. Where lower is better that is
    the usual percentile; where higher is better it is the (100-NN)th, so that a p95 limits the bad tail of both.
    """
    if name == "max":
        return max(values)
    if name == "min":
        return min(values)
    if name == "mean":
        return math.fsum(values) / len(values)
    percent = PERCENT[name]
    return percentile(values, percent if better == "lower" else 100 - percent)
