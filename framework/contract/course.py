"""What was measured from turn to turn, as a handset played them: where throttling and leaks show."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from framework.contract.metrics import metric

if TYPE_CHECKING:
    from framework.contract.account import RepetitionAccount, RunAccount, UnitAccount

COURSES: tuple[str, ...] = ("decode_tps", "rss_mb", "skin_c")
"""The metrics that use may change."""


@dataclass(frozen=True, slots=True)
class Course:
    """One metric on one handset, in the metric's unit, over all turns of a run in the order in which it played them."""

    handset: str
    model: str
    metric: str
    values: tuple[float, ...]
    """One a turn for which there is one that nothing speaks against."""
    begins: tuple[int, ...] = (0,)
    """Which of `values` are the first of a fresh conversation."""

    @property
    def sessions(self) -> Iterator[tuple[float, ...]]:
        for begin, end in zip(self.begins, (*self.begins[1:], len(self.values)), strict=True):
            yield self.values[begin:end]


def courses_of(run: RunAccount) -> tuple[Course, ...]:
    """Of every handset that played a turn, whatever came of it."""
    units: dict[str, list[UnitAccount]] = {}
    for test in run.tests:
        for unit in test.units:
            units.setdefault(unit.handset, []).append(unit)
    return tuple(course for played in units.values() for name in COURSES if (course := _course(played, name)).values)


def longest(courses: Iterable[Course]) -> dict[tuple[str, str], tuple[float, ...]]:
    """(model, metric) → the values of the handset that has most."""
    found: dict[tuple[str, str], tuple[float, ...]] = {}
    for course in courses:
        key = course.model, course.metric
        if len(course.values) > len(found.get(key, ())):
            found[key] = course.values
    return found


def _course(units: list[UnitAccount], name: str) -> Course:
    values: list[float] = []
    begins: list[int] = []
    for unit in sorted(units, key=lambda one: one.ended_at):
        for repetition in unit.repetitions:
            of_turns = metric(name).per_turn
            found = list(_of_turns(repetition, name) if of_turns else _at_turns(repetition, name))
            begins += [len(values)] if found else []
            values += found
    return Course(units[0].handset, units[0].model, name, tuple(values), tuple(begins))


def _of_turns(repetition: RepetitionAccount, name: str) -> Iterator[float]:
    for turn in repetition.turns:
        for figure in turn.figures:
            if figure.metric == name and not figure.doubted and math.isfinite(figure.value):
                yield figure.value


def _at_turns(repetition: RepetitionAccount, name: str) -> Iterator[float]:
    """What was sampled last before the next turn began; of the last turn, the last sample."""
    for one in repetition.sampled:
        if one.metric == name and not one.doubted and one.curve:
            times = [at for at, _ in one.curve]
            for turn, after in zip_longest(repetition.turns, repetition.turns[1:]):
                last = bisect_right(times, after.at_s) - 1 if after is not None else len(times) - 1
                if last >= 0 and times[last] >= turn.at_s:
                    yield one.curve[last][1]
