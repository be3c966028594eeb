"""The longest recording of each model, second by second: what a single long answer does shows only here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from framework.contract.account import RepetitionAccount, RunAccount
from framework.contract.course import COURSES
from framework.contract.metrics import TURN_METRICS
from framework.contract.verdict import Verdict

Points = tuple[tuple[float, float], ...]
"""(device seconds since the beginning of the recording, value)."""

LONG_S = 120.0
"""Device seconds from which on it is worth a look at once."""


@dataclass(frozen=True, slots=True)
class Longest:
    model: str
    title: str
    """Of the test."""
    folder: str
    seconds: float
    courses: tuple[Points, ...]
    """Of COURSES, in their order; empty where nothing was measured that can be trusted."""


def longest(run: RunAccount) -> tuple[Longest, ...]:
    """One a model that has any recording of more than a moment; invalid ones do not count."""
    found: dict[str, Longest] = {}
    for test in run.tests:
        for unit in test.units:
            for repetition in unit.repetitions:
                seconds = _seconds(repetition)
                known = found.get(unit.model)
                if seconds > (known.seconds if known else 1.0) and repetition.verdict is not Verdict.INVALID:
                    courses = tuple(tuple(_points(repetition, name)) for name in COURSES)
                    found[unit.model] = Longest(unit.model, test.title, repetition.folder, seconds, courses)
    return tuple(found.values())


def _seconds(repetition: RepetitionAccount) -> float:
    return max((one.curve[-1][0] for one in repetition.sampled if one.curve), default=0.0)


def _points(repetition: RepetitionAccount, name: str) -> Iterator[tuple[float, float]]:
    if name in TURN_METRICS:
        for turn in repetition.turns:
            for figure in turn.figures:
                if figure.metric == name and not figure.doubted and math.isfinite(figure.value):
                    yield turn.at_s, figure.value
    for one in repetition.sampled:
        if one.metric == name and not one.doubted:
            yield from ((max(at, 0.0), value) for at, value in one.curve if math.isfinite(value))
