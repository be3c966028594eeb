"""How rules look at a trace: its measured turns, and what a series shows around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from framework.contract.trace import Series, Span, Trace

NS_PER_S = 1_000_000_000
Point = tuple[int, float]
NOTHING = Series("", "", ())


def turns(trace: Trace) -> tuple[Span, ...]:
    return tuple(span for span in trace.spans if span.kind == "turn")


def number(turn: Span) -> str:
    """The number that a turn's name begins with, as in `2: What is my name?`."""
    return turn.name.partition(":")[0]


def measured(trace: Trace) -> Span | None:
    """From the begin of the first turn to the end of the last; None without turns."""
    found = turns(trace)
    if not found:
        return None
    return Span("measured", "", min(turn.start_ns for turn in found), max(turn.end_ns for turn in found))


def series(trace: Trace, name: str) -> Series:
    """The series of that name; one without points where there is none."""
    return trace.series.get(name, NOTHING)


def within(series: Series, span: Span) -> list[Point]:
    return [point for point in series.points if span.start_ns <= point[0] <= span.end_ns]


def around(series: Series, span: Span) -> list[Point]:
    """The points of a span, with the last one before and the first one after it."""
    before = [point for point in series.points if point[0] < span.start_ns][-1:]
    after = [point for point in series.points if point[0] > span.end_ns][:1]
    return [*before, *within(series, span), *after]


def seen(series: Series, span: Span) -> list[Point]:
    """The points of a span, or its neighbours on both sides where it is too short to hold one."""
    return within(series, span) or around(series, span)


def average(series: Series, span: Span) -> float | None:
    """Mean over a span of what each point says of the time since the one before it; None where nothing covers it."""
    weighted = covered = 0.0
    for (before, _), (at, value) in pairwise(series.points):
        overlap = min(at, span.end_ns) - max(before, span.start_ns)
        if overlap > 0:
            weighted, covered = weighted + value * overlap, covered + overlap
    return weighted / covered if covered else None


def interval_ns(series: Series) -> float | None:
    """How long it usually is from one point to the next; None for fewer than three points."""
    intervals = [after - before for (before, _), (after, _) in pairwise(series.points)]
    return median(intervals) if len(intervals) > 1 else None


def level_runs(points: Sequence[Point]) -> Iterator[tuple[int, int]]:
    """Stretches of the same value: the indices of their first and last point."""
    first = 0
    for index in range(1, len(points) + 1):
        if index == len(points) or points[index][1] != points[first][1]:
            yield first, index - 1
            first = index


def seconds(ns: float) -> float:
    return ns / NS_PER_S
