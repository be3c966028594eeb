"""Places in the pictures of the release page; the template makes the markup."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from framework.contract.metrics import Metric
from framework.contract.quantile import percentile
from framework.report.axis import COLUMNS, Tick
from framework.report.release.moves import FEW, Move
from framework.report.release.trends import Trend

DOTS = 60
"""Values that are shown one by one; of more, only quantiles."""

FAR = 4.0
"""How many times the distance between the 5th and the 95th percentile the scale goes beyond them."""

POINTS, ROWS = 60, 100
"""Of a course at most, and whole numbers that a value's place has from top to bottom."""


@dataclass(frozen=True, slots=True)
class Scale:
    low: float
    high: float
    ticks: tuple[Tick, ...]
    """Places in percent."""

    def at(self, value: float) -> float:
        """Percent of the scale's length; what lies beyond stands at its end."""
        return round(100 * min(max((value - self.low) / (self.high - self.low), 0.0), 1.0), 2)


def scale(values: Iterable[float], ticks: int = 5) -> Scale:
    """From a round number to one; single values far beyond the others do not stretch it."""
    found = sorted(values) or [0.0]
    least, most = percentile(found, 5), percentile(found, 95)
    reach = FAR * (most - least) or abs(most) or 1.0
    least, most = max(found[0], least - reach), min(found[-1], most + reach)
    if 0 <= least < 0.4 * most:
        least = 0.0
    step = _round_step((most - least or abs(most) * 0.1 or 1.0) / ticks)
    low, high = math.floor(least / step + 1e-9) * step, math.ceil(most / step - 1e-9) * step
    high = high if high > low else low + step
    count = round((high - low) / step)
    return Scale(low, high, tuple(Tick(round(100 * i / count, 2), f"{low + i * step:g}") for i in range(count + 1)))


def _round_step(raw: float) -> float:
    """The next of 1, 2, 5 × 10^n at or above `raw`."""
    power = 10.0 ** math.floor(math.log10(max(raw, 1e-9)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999999)


# -- distributions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strip:
    """Values on a scale, in percent: each as a dot, or the 5th, 25th, 75th and 95th percentile."""

    count: int
    median: float | None
    """None of too few values."""
    dots: tuple[float, ...] = ()
    ends: tuple[float, float] | None = None
    box: tuple[float, float] | None = None
    beyond: float | None = None
    """The highest value, where it lies beyond the scale."""


def strip(values: Sequence[float], on: Scale) -> Strip:
    few = len(values) < FEW
    beyond = max(values) if values and max(values) > on.high else None
    dots = tuple(dict.fromkeys(on.at(value) for value in sorted(values))) if len(values) <= DOTS else ()
    if few:
        return Strip(len(values), None, dots, beyond=beyond)
    p5, p25, p75, p95 = (on.at(percentile(values, percent)) for percent in (5, 25, 75, 95))
    return Strip(len(values), on.at(median(values)), dots, (p5, p95), (p25, p75), beyond)


@dataclass(frozen=True, slots=True)
class Lines:
    """A model's values, and those of the baseline, on one scale."""

    move: Move
    now: Strip
    before: Strip | None


@dataclass(frozen=True, slots=True)
class Panel:
    metric: Metric
    scale: Scale
    lines: tuple[Lines, ...]


def panel(metric: Metric, found: Sequence[Move]) -> Panel:
    on = scale(value for move in found for value in (*move.now, *move.before))
    lines = (Lines(move, strip(move.now, on), strip(move.before, on) if move.before else None) for move in found)
    return Panel(metric, on, tuple(lines))


# -- courses ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A course as paths within COLUMNS × ROWS: the line, the band around it where turns are put together."""

    line: str
    band: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """All handsets of a model, and the baseline, in one picture."""

    trend: Trend
    """Of the handset that played most turns."""
    runs: tuple[Run, ...]
    before: Run | None
    turns: int
    """That the picture is wide."""
    begins: tuple[float, ...]
    """Percent: where conversations began, of the handset that played most."""


def curve(trends: Sequence[Trend], before: Sequence[float], on: Scale) -> Curve:
    """Of the courses of one metric on one model."""
    most = max(trends, key=lambda one: len(one.course.values))
    turns = max(len(most.course.values), len(before))
    begins = most.course.begins[1:] if len(most.course.begins) <= POINTS else ()
    return Curve(
        trend=most,
        runs=tuple(drawn(one.course.values, turns, on) for one in trends),
        before=drawn(before, turns, on) if before else None,
        turns=turns,
        begins=tuple(round(100 * begin / turns, 2) for begin in begins),
    )


def timed(points: Sequence[tuple[float, float]], seconds: float, on: Scale) -> str:
    """The path of what was measured over time, within COLUMNS × ROWS."""
    places = [round(COLUMNS * min(at / seconds, 1.0)) for at, _ in points]
    return _path(places, [value for _, value in points], on)


def drawn(values: Sequence[float], turns: int, on: Scale) -> Run:
    """Turn by turn; of many, the medians of stretches within the band from lowest to highest."""
    count = min(len(values), POINTS)
    edges = [len(values) * part // count for part in range(count + 1)]
    parts = [values[begin:end] for begin, end in pairwise(edges)]
    places = [round(COLUMNS * (begin + end) / 2 / turns) for begin, end in pairwise(edges)]
    line = _path(places, [median(part) for part in parts], on)
    if count == len(values):
        return Run(line)
    up, down = [max(part) for part in parts], [min(part) for part in parts]
    back = _path(places[::-1], down[::-1], on).replace("M", "L")
    return Run(line, f"{_path(places, up, on)}{back}Z")


def _path(places: Sequence[int], values: Sequence[float], on: Scale) -> str:
    corners = [f"{x} {round(ROWS - on.at(value) * ROWS / 100, 1):g}" for x, value in zip(places, values, strict=True)]
    return "M" + "L".join(corners) + ("h0" if len(corners) == 1 else "")
