"""Which pictures the page has, and what is in them: as much as it has room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from framework.contract.course import COURSES
from framework.contract.metrics import Metric, metric
from framework.report.axis import Axis
from framework.report.release.facts import Facts
from framework.report.release.longest import LONG_S, Longest
from framework.report.release.matrix import CROWD
from framework.report.release.moves import Kind, Move, by_metric
from framework.report.release.plots import Curve, Panel, Scale, curve, panel, scale, timed
from framework.report.release.summary import PRIMARY

OPEN = ("ttft_ms", "decode_tps", "first_audio_ms", "total_ms", "rss_mb", "skin_c")
"""Metrics whose distributions one sees at once."""


QUIET: tuple[Kind, ...] = ("same", "few", "carried", "alone")
"""Kinds of moves that are only named."""

Kept = Mapping[tuple[str, str], tuple[float, ...]]
"""(model, metric) → the course of the baseline."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Metric × model of what moved; the others in a word each."""

    models: tuple[str, ...]
    rows: tuple[tuple[Metric, tuple[Move | None, ...]], ...]
    unmoved: tuple[str, ...]
    unsaid: tuple[str, ...]
    carried: tuple[str, ...]
    uncompared: tuple[str, ...]


def heat(facts: Facts) -> Heat:
    groups = sorted(by_metric(facts.moves), key=lambda group: group[0].name not in PRIMARY)
    models = tuple(_models(facts.moves))
    quiet: dict[str, list[str]] = {kind: [] for kind in QUIET}
    rows = []
    for entry, found in groups:
        kinds = {move.kind for move in found}
        if kinds & {"worse", "better"} or any(move.local for move in found):
            rows.append((entry, tuple(next((one for one in found if one.model == model), None) for model in models)))
        else:
            quiet[next(kind for kind in QUIET if kind in kinds)].append(entry.name)
    return Heat(models, tuple(rows), *(tuple(quiet[kind]) for kind in QUIET))


def _models(found: Iterable[Move]) -> list[str]:
    """As they come; of so many that not all are seen at once, those that became worse first."""
    worse: dict[str, int] = {}
    for move in found:
        worse[move.model] = worse.get(move.model, 0) + (move.kind == "worse")
    return list(worse) if len(worse) <= CROWD else sorted(worse, key=lambda model: -worse[model])


@dataclass(frozen=True, slots=True)
class Panels:
    primary: tuple[Panel, ...]
    others: tuple[Panel, ...]
    zero: tuple[str, ...]
    """Metrics that were zero throughout, in both runs."""
    left_out: int
    """Models that are not drawn."""


def panels(facts: Facts, most: int) -> Panels:
    every = {entry.name: found for entry, found in by_metric(facts.moves)}
    zero = tuple(name for name, found in every.items() if not any(any(move.now) or any(move.before) for move in found))
    groups = {name: found for name, found in every.items() if name not in zero}
    drawn = {name: panel(metric(name), _first(found, most)) for name, found in groups.items()}
    models = len({move.model for move in facts.moves})
    primary = tuple(drawn[name] for name in OPEN if name in drawn)
    return Panels(primary, tuple(one for name, one in drawn.items() if name not in OPEN), zero, max(models - most, 0))


def _first(found: Iterable[Move], most: int) -> list[Move]:
    """Those that moved most, in the order in which they come."""
    every = list(found)
    chosen = sorted(every, key=lambda move: -move.size)[:most]
    return [move for move in every if move in chosen]


@dataclass(frozen=True, slots=True)
class Courses:
    metrics: tuple[str, ...]
    scales: tuple[Scale, ...]
    rows: tuple[tuple[str, tuple[Curve | None, ...]], ...]
    """A model each, those that get worse first."""
    left_out: int


def curves(facts: Facts, most: int) -> Courses:
    metrics = tuple(dict.fromkeys(one.course.metric for one in facts.trends))
    models = list(dict.fromkeys(one.course.model for one in facts.trends))
    bad = {one.course.model for one in facts.trends if one.kind == "worse" and not one.usual}
    chosen = sorted(models, key=lambda model: model not in bad)[:most]
    kept = facts.before.courses if facts.before is not None else {}
    scales = tuple(
        scale(
            (
                *(value for one in facts.trends if one.course.metric == name for value in one.course.values),
                *(value for (_, metric_), values in kept.items() if metric_ == name for value in values),
            ),
            3,
        )
        for name in metrics
    )
    rows = tuple(
        (model, tuple(_curve(facts, model, name, kept, on) for name, on in zip(metrics, scales, strict=True)))
        for model in chosen
    )
    return Courses(metrics, scales, rows, len(models) - len(chosen))


@dataclass(frozen=True, slots=True)
class Timed:
    """The longest recordings on one scale of time."""

    metrics: tuple[str, ...]
    scales: tuple[Scale, ...]
    time: Scale
    rows: tuple[tuple[Longest, tuple[str, ...]], ...]
    """With a path for each of `metrics`; empty: not measured."""
    open: bool


def recordings(facts: Facts, most: int) -> Timed:
    chosen = sorted(facts.longest, key=lambda one: -one.seconds)[:most]
    chosen = [one for one in facts.longest if one in chosen]
    seconds = max((one.seconds for one in chosen), default=1.0)
    shown = [place for place in range(len(COURSES)) if any(one.courses[place] for one in chosen)]
    scales = [scale((value for one in chosen for _, value in one.courses[place]), 3) for place in shown]
    rows = tuple(
        (
            one,
            tuple(
                timed(one.courses[place], seconds, on) if one.courses[place] else ""
                for place, on in zip(shown, scales, strict=True)
            ),
        )
        for one in chosen
    )
    names = tuple(COURSES[place] for place in shown)
    ticks = Axis(0, round(seconds * 1e9)).ticks()
    return Timed(names, tuple(scales), Scale(0, seconds, ticks), rows, seconds >= LONG_S)


def _curve(facts: Facts, model: str, name: str, kept: Kept, on: Scale) -> Curve | None:
    found = [one for one in facts.trends if one.course.model == model and one.course.metric == name]
    return curve(found, kept.get((model, name), ()), on) if found else None
