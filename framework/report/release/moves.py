"""How far each metric has moved on each model, from the baseline to this build: of the tests that both have run."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from statistics import median
from typing import Literal

from framework.contract.account import RunAccount, RunFigures, counted
from framework.contract.metrics import METRICS, Metric

FEW = 5
"""Values without which a median says nothing."""

AGREE = 0.75
"""Share of the tests that must move the same way."""

NOTICEABLE: Mapping[str, tuple[float, bool]] = {
    "ms": (0.05, True),
    "tokens/s": (0.05, True),
    "MB": (0.03, True),
    "mW": (0.05, True),
    "mJ": (0.05, True),
    "°C": (1.0, False),
    "share": (0.02, False),
}
"""Unit → (the least change that is pointed out, whether it is a share of the old value)."""

LOCAL: tuple[tuple[float, int], ...] = ((0.2, 3), (0.5, 1))
"""(the change of one test alone that is pointed out, of how many values at least on both sides)."""

CARRIED: tuple[str, ...] = ("skin_c", "soc_c", "battery_c", "throttle")
"""What tests leave to those after them: it is compared only where both runs have played much the same."""

ALIKE = 0.9
"""For that: the share of the tests on a model that both runs must have, and of the turns that its busiest handset has
played in one that it has played in the other: a run with fewer units of a model heats each of them more."""

Kind = Literal["worse", "better", "same", "few", "carried", "alone"]
"""`few`: too few values to say; `carried`: other tests have left their heat; `alone`: nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Local:
    """One test that moved by itself; `change` is a share, `now` and `before` count values."""

    test: str
    change: float
    now: int
    before: int
    worse: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    metric: Metric
    model: str
    now: tuple[float, ...]
    """Of the tests that both have where there is something to compare with, else of all."""
    before: tuple[float, ...] = ()
    kind: Kind = "alone"
    change: float = 0.0
    """From median to median: a share of the old one, or in the metric's unit where `relative` says so."""
    relative: bool = True
    tests: int = 0
    """That both have."""
    worse: int = 0
    """Of them."""
    bound: float = 0.0
    """Error of a single value of this build, the median of them."""
    local: Local | None = None
    """The test that moved most, where the model as a whole has not."""

    @property
    def size(self) -> float:
        """How many times what is noticeable."""
        return abs(self.change) / NOTICEABLE[self.metric.unit][0] if self.kind in ("worse", "better") else 0.0


def moves(run: RunAccount, now: RunFigures, before: RunFigures | None) -> tuple[Move, ...]:
    """One for each metric and model that this run has values of, in the order of the metrics."""
    values = _by_model(now)
    old = _by_model(before) if before is not None else {}
    bounds = _bounds(run)
    found = []
    for metric in METRICS:
        for (name, model), tests in values.items():
            if name == metric.name:
                bound, before_it = bounds.get((name, model), 0.0), old.get((name, model), {})
                warmth = before is None or _alike(_busiest(now, model), _busiest(before, model))
                found.append(_move(metric, model, tests, before_it, bound, as_warm=warmth))
    return tuple(found)


Tests = Mapping[str, tuple[float, ...]]
"""Test id → values."""


def _by_model(figures: RunFigures) -> dict[tuple[str, str], dict[str, tuple[float, ...]]]:
    found: dict[tuple[str, str], dict[str, tuple[float, ...]]] = defaultdict(dict)
    for (test, model, name), values in figures.values.items():
        finite = tuple(value for value in values if math.isfinite(value))
        if finite:
            found[name, model][test] = finite
    return found


def _bounds(run: RunAccount) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for test in run.tests:
        for repetition in counted(test):
            for figure in chain.from_iterable(turn.figures for turn in repetition.turns):
                if figure.bound is not None and not figure.doubted and math.isfinite(figure.bound):
                    found[figure.metric, test.model].append(figure.bound)
    return {key: median(bounds) for key, bounds in found.items()}


def _busiest(figures: RunFigures, model: str) -> int:
    """How many turns the handset of the model has played that played most."""
    return max((len(values) for (of, _), values in figures.courses.items() if of == model), default=0)


def _alike(one: int, other: int) -> bool:
    return min(one, other) >= ALIKE * max(one, other)


def _move(metric: Metric, model: str, now: Tests, before: Tests, bound: float, *, as_warm: bool) -> Move:
    both = [test for test in now if test in before]
    if not both:
        return Move(metric, model, _all(now.values()), bound=bound)
    new, old = _all(now[test] for test in both), _all(before[test] for test in both)
    least, relative = NOTICEABLE[metric.unit]
    relative = relative and median(old) > 0
    changes = {test: _change(median(now[test]), median(before[test]), relative) for test in both}
    change = _change(median(new), median(old), relative)
    worse = sum(_is_worse(one, metric) for one in changes.values())
    same_way = sum((one > 0) == (change > 0) and one != 0 for one in changes.values())
    absolute = abs(median(new) - median(old))
    if min(len(new), len(old)) < FEW:
        kind: Kind = "few"
    elif metric.name in CARRIED and not (as_warm and _alike(len(both), max(len(now), len(before)))):
        kind = "carried"
    elif abs(change) < least or absolute <= 2 * bound or same_way < AGREE * len(both):
        kind = "same"
    else:
        kind = "worse" if _is_worse(change, metric) else "better"
    local = _local(metric, changes, now, before) if kind == "same" and relative else None
    return Move(metric, model, new, old, kind, change, relative, len(both), worse, bound, local)


def _local(metric: Metric, changes: Mapping[str, float], now: Tests, before: Tests) -> Local | None:
    found = [
        Local(test, change, len(now[test]), len(before[test]), _is_worse(change, metric))
        for test, change in changes.items()
        if any(abs(change) >= least and min(len(now[test]), len(before[test])) >= n for least, n in LOCAL)
    ]
    return max(found, key=lambda one: abs(one.change), default=None)


def _change(new: float, old: float, relative: bool) -> float:
    if not relative:
        return new - old
    return new / old - 1 if old > 0 else 0.0


def _is_worse(change: float, metric: Metric) -> bool:
    return change > 0 if metric.better == "lower" else change < 0


def _all(values: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(chain.from_iterable(values))


def by_metric(found: Iterable[Move]) -> Iterator[tuple[Metric, tuple[Move, ...]]]:
    """Those that moved most first; within a metric as the models come."""
    groups: dict[str, list[Move]] = {}
    for move in found:
        groups.setdefault(move.metric.name, []).append(move)
    for group in sorted(groups.values(), key=lambda moves: -max(move.size for move in moves)):
        yield group[0].metric, tuple(group)
