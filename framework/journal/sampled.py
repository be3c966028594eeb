"""What was sampled during a repetition, in short: quantiles and the course, so that nobody has to read all of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from framework.contract.account import QUANTILES, Sampled
from framework.contract.metrics import METRICS
from framework.contract.quantile import percentile
from framework.contract.trace import Doubt, Trace

POINTS = 60
"""Of a course, at most."""

SAMPLED = tuple(metric.name for metric in METRICS if not metric.per_turn)

Point = tuple[int, float]


def sampled(trace: Trace, doubts: Iterable[Doubt]) -> Iterator[Sampled]:
    """Each metric that the recording has samples of, in the order of their table."""
    objections = tuple(doubts)
    for name in SAMPLED:
        series = trace.series.get(name)
        points = tuple((at, value) for at, value in series.points if math.isfinite(value)) if series else ()
        if points:
            values = [value for _, value in points]
            yield Sampled(
                metric=name,
                samples=len(points),
                quantiles=tuple(_round(percentile(values, percent)) for percent in QUANTILES),
                curve=tuple(_place(at - trace.start_ns, value) for at, value in thinned(points, POINTS)),
                doubted=tuple(dict.fromkeys(doubt.rule for doubt in objections if doubt.concerns(name))),
            )


def thinned(points: tuple[Point, ...], most: int) -> tuple[Point, ...]:
    """At most about `most` points that keep every peak: lowest and highest of each stretch, in time order."""
    if len(points) <= most:
        return points
    size = -(-len(points) * 2 // max(most, 2))
    kept: list[Point] = []
    for begin in range(0, len(points), size):
        stretch = points[begin : begin + size]
        kept += sorted({min(stretch, key=lambda p: p[1]), max(stretch, key=lambda p: p[1])})
    return tuple(kept)


def _place(ns: int, value: float) -> tuple[float, float]:
    return round(ns / 1e9, 2), _round(value)


def _round(value: float) -> float:
    """Six digits: no sensor has more."""
    return float(f"{value:.6g}")
