"""What use does to a build: whether it slows down, heats up or takes more memory from turn to turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from statistics import median

from framework.contract.course import Course
from framework.contract.metrics import metric
from framework.report.release.moves import NOTICEABLE

LEAST_TURNS = 8
"""Turns without which a course has no direction."""

ONE_WAY = 0.6
"""Kendall's tau from which on a course goes one way: of all pairs of turns, four of five do."""

USUAL = 0.7
"""Share of a change that the baseline shows as well, from which on it is nothing new."""

PARTS = 24
"""A long course is judged by the medians of this many stretches."""

STEADY = 1.5
"""How many times what is noticeable between builds a course must change by: a little is what use costs."""


@dataclass(frozen=True, slots=True)
class Trend:
    """From the median of the first fifth of the turns to that of the last."""

    course: Course
    first: float
    last: float
    kind: str
    """`worse`, `better`, `steady`, or `short` where there are too few turns."""
    within: bool = False
    """It is what happens within each conversation: the next one begins where this one began."""
    turns: int = 0
    """That lie between `first` and `last`."""
    usual: bool = False
    """The baseline does the same: it is what use costs, or an old fault."""

    @property
    def change(self) -> float:
        return self.last - self.first


def trend(course: Course) -> Trend:
    """Over all turns; where these go no way, within the conversations that are long enough."""
    whole = _directed(course.values)
    if whole is None:
        return Trend(course, course.values[0], course.values[-1], "short", turns=len(course.values))
    kind = _kind(course, *whole)
    if kind != "worse":
        inside = [found for session in course.sessions if (found := _directed(session)) is not None]
        if inside:
            first, last = median(first for first, _, _ in inside), median(last for _, last, _ in inside)
            tau = median(tau for _, _, tau in inside)
            if _kind(course, first, last, tau) == "worse":
                turns = round(median(len(session) for session in course.sessions if len(session) >= LEAST_TURNS))
                return Trend(course, first, last, "worse", within=len(inside) > 1, turns=turns)
    return Trend(course, whole[0], whole[1], kind, turns=len(course.values))


def against(found: Trend, before: Sequence[float]) -> Trend:
    """With `usual`; `before` is the course of the baseline on that model."""
    if found.kind != "worse" or found.within or not before:
        return found
    old = trend(Course(found.course.handset, found.course.model, found.course.metric, tuple(before)))
    return replace(found, usual=old.kind == "worse" and abs(old.change) >= USUAL * abs(found.change))


def _directed(values: Sequence[float]) -> tuple[float, float, float] | None:
    """(first, last, tau); None of too few values."""
    if len(values) < LEAST_TURNS:
        return None
    fifth = max(len(values) // 5, 1)
    return median(values[:fifth]), median(values[-fifth:]), tau(parts(values, PARTS))


def _kind(course: Course, first: float, last: float, tau: float) -> str:
    entry = metric(course.metric)
    least, relative = NOTICEABLE[entry.unit]
    limit = STEADY * least * (abs(first) if relative else 1)
    if abs(last - first) < limit or abs(tau) < ONE_WAY or (tau > 0) != (last > first):
        return "steady"
    return "worse" if (last > first) == (entry.better == "lower") else "better"


def parts(values: Sequence[float], most: int) -> list[float]:
    """At most `most` values: the medians of stretches of equal length."""
    if len(values) <= most:
        return list(values)
    edges = [len(values) * part // most for part in range(most + 1)]
    return [median(values[begin:end]) for begin, end in pairwise(edges)]


def tau(values: Sequence[float]) -> float:
    """Kendall's tau-a of values against their order: 1 where each is higher than all before it."""
    pairs = list(combinations(values, 2))
    return sum((after > before) - (after < before) for before, after in pairs) / len(pairs) if pairs else 0.0
