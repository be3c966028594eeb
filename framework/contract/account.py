"""A run as reports and the history see it: who was tested, how each test ended, and what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from framework.contract.course import courses_of, longest
from framework.contract.run import BuildIdentity, HandsetIdentity
from framework.contract.verdict import Verdict

QUANTILES: tuple[int, ...] = (0, 5, 25, 50, 75, 95, 100)
"""Percent: those that are kept of what was sampled."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of a turn, in the metric's unit, by the most exact method; None: no bound is known."""

    metric: str
    value: float
    bound: float | None = None
    method: str = ""
    doubted: tuple[str, ...] = ()
    """Rules that say it must not be used."""


@dataclass(frozen=True, slots=True)
class TurnAccount:
    number: int
    asked: str
    reply: str
    verdict: Verdict
    at_s: float
    """Device seconds from the beginning of the recording to that of the turn."""
    figures: tuple[Figure, ...] = ()
    failed: tuple[str, ...] = ()
    """Checks that did not pass, in words."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """One metric that was sampled during a repetition, in the metric's unit."""

    metric: str
    samples: int
    quantiles: tuple[float, ...]
    """At QUANTILES."""
    curve: tuple[tuple[float, float], ...] = ()
    """(device seconds since the beginning of the recording, value): the course, peaks kept, in at most 60 points."""
    doubted: tuple[str, ...] = ()
    """Rules that say it must not be used."""


@dataclass(frozen=True, slots=True)
class RepetitionAccount:
    number: int
    attempt: int
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    folder: str = ""
    """Below the run's folder, such as `units/suites-smoke-weather_en/mix-fold-3/1-1`: pages and evidence."""
    turns: tuple[TurnAccount, ...] = ()
    sampled: tuple[Sampled, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    """(rule, its reason)."""
    mended: tuple[str, ...] = ()
    counts: bool = True
    """False where it was run again."""


@dataclass(frozen=True, slots=True)
class UnitAccount:
    """One attempt at a test on a handset."""

    handset: str
    """Its name; who it is stands in the run's `handsets`."""
    model: str
    verdict: Verdict
    reasons: tuple[str, ...]
    seconds: float
    """Host time."""
    ended_at: float
    """Seconds since 1970, by the host's clock."""
    repetitions: tuple[RepetitionAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class TestAccount:
    """How a scheduled test ended; the last of its `units` counts, the ones before were lost to the lab."""

    __test__ = False

    id: str
    """pytest's node id."""
    title: str
    """What people call it: the scenario, or the function of a test in Python; without the model."""
    file: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    handset: str = ""
    model: str = ""
    seconds: float = 0.0
    attempts: int = 1
    """0 where nothing has run it."""
    concluded: bool = True
    """False where the run has not come to that: `verdict` is the best that is known."""
    units: tuple[UnitAccount, ...] = ()
    """None of a test in Python."""


@dataclass(frozen=True, slots=True)
class RunHead:
    """What a run was about."""

    id: str
    """The same wherever its folder is copied to."""
    name: str
    """Of its folder: when it began, in local time."""
    began_at: float
    """Seconds since 1970."""
    ended_at: float
    """When the last record was written."""
    build: BuildIdentity
    version: str
    """Pocketfarm's."""
    arguments: tuple[str, ...] = ()
    """pytest's command line."""
    finished: bool = True
    """Whether every scheduled test was concluded."""
    redacted: Mapping[str, int] | None = None
    """In words, such as `phone number` → how many passages were taken out; None: nothing is taken out."""


@dataclass(frozen=True, slots=True)
class RunAccount:
    head: RunHead
    handsets: Mapping[str, HandsetIdentity] = field(default_factory=dict)
    """Those that ran anything, by name."""
    tests: tuple[TestAccount, ...] = ()
    """In the order in which they were scheduled."""
    lab: tuple[str, ...] = ()
    """What else went wrong, in words: errors when tests were over, handsets that were given up."""


Key = tuple[str, str]
"""(test id, model): the same test on another model is another test."""


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What of a run another one is compared with."""

    head: RunHead
    verdicts: Mapping[Key, Verdict] = field(default_factory=dict)
    values: Mapping[tuple[str, str, str], tuple[float, ...]] = field(default_factory=dict)
    """(test id, model, metric) → one value a turn; of what is sampled one a repetition: its highest."""
    courses: Mapping[tuple[str, str], tuple[float, ...]] = field(default_factory=dict)
    """(model, metric) → its value from turn to turn, on the handset of the model that played most; empty: not kept."""


def figures_of(run: RunAccount) -> RunFigures:
    """Of the attempts and repetitions that count, and only what nothing speaks against."""
    values: dict[tuple[str, str, str], list[float]] = {}
    for test in run.tests:
        for repetition in counted(test):
            for metric, value in usable(repetition):
                values.setdefault((test.id, test.model, metric), []).append(value)
    verdicts = {(test.id, test.model): test.verdict for test in run.tests}
    return RunFigures(
        run.head, verdicts, {key: tuple(found) for key, found in values.items()}, longest(courses_of(run))
    )


def counted(test: TestAccount) -> tuple[RepetitionAccount, ...]:
    """The repetitions that the verdict is about."""
    return tuple(one for one in test.units[-1].repetitions if one.counts) if test.units else ()


def usable(repetition: RepetitionAccount) -> Iterator[tuple[str, float]]:
    """(metric, value) without those that are doubted."""
    for turn in repetition.turns:
        yield from ((figure.metric, figure.value) for figure in turn.figures if not figure.doubted)
    yield from ((one.metric, one.quantiles[-1]) for one in repetition.sampled if not one.doubted)
