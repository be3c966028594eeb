"""The statistics that budgets are written with, exactly defined."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from framework.contract.metrics import Statistic
from framework.contract.quantile import percentile

PERCENT: dict[Statistic, float] = {"p50": 50, "p90": 90, "p95": 95, "p99": 99}


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
