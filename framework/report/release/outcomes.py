"""How each test ended, with its place in the matrix, its evidence, and what it was before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Literal

from framework.contract.account import RepetitionAccount, RunAccount, RunFigures, TestAccount, counted
from framework.contract.verdict import SEVERITY, Verdict
from framework.report.release.texts import Spot, Spots

KEY_METRICS = ("first_audio_ms", "ttft_ms", "total_ms", "decode_tps")
"""The one figure of a test: the first of these that it has."""

Since = Literal["", "broken", "appeared", "still", "failing", "fixed", "undecided", "added"]
"""What a verdict is against the baseline's; "": nothing new. `appeared`: a failure of a test that is new or that ran
on another model; `failing`: there is no baseline; `undecided`: LAB, INVALID or NOT_RUN, and it was decided before."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A repetition that was made, and where its evidence lies."""

    verdict: Verdict
    folder: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    test: TestAccount
    spot: Spot
    figures: Mapping[str, float]
    """Of KEY_METRICS: the median of the turns that count."""
    attempts: tuple[Attempt, ...]
    """Those that the verdict is about, the one that decided it first."""
    earlier: tuple[Attempt, ...]
    """What was made again, whatever for; without a folder where nothing came of it."""
    since: Since = ""
    before: Verdict | None = None

    @property
    def verdict(self) -> Verdict:
        return self.test.verdict

    @property
    def decided(self) -> bool:
        """Whether it says anything about the build."""
        return self.verdict in DECIDED

    @property
    def split(self) -> bool:
        """Whether repetitions that count disagree on the build."""
        blamed = {attempt.verdict.blames_build for attempt in self.attempts if attempt.verdict in DECIDED}
        return len(blamed) > 1

    @property
    def reason(self) -> str:
        return next(iter(self.test.reasons), "") or next((one.reason for one in self.attempts if one.reason), "")


DECIDED = (Verdict.PASS, Verdict.FAIL, Verdict.UNMEASURED)
"""Verdicts about the build."""


def outcomes(run: RunAccount, before: RunFigures | None) -> tuple[Outcome, ...]:
    """In the order in which they were scheduled."""
    spots, verdicts = Spots(run), _Before(before)
    return tuple(_outcome(test, spots.of(test), verdicts) for test in run.tests)


class _Before:
    def __init__(self, figures: RunFigures | None) -> None:
        self.known = figures is not None
        self._verdicts = figures.verdicts if figures is not None else {}
        self._any: dict[str, list[tuple[str, Verdict]]] = {}
        for (test, model), verdict in self._verdicts.items():
            self._any.setdefault(test, []).append((model, verdict))

    def of(self, test: TestAccount) -> Verdict | None:
        """On the same model; where either run has no model of it (nothing ran it), on any."""
        same = self._verdicts.get((test.id, test.model))
        if same is not None:
            return same
        return next((verdict for model, verdict in self._any.get(test.id, ()) if not model or not test.model), None)

    def elsewhere(self, test: TestAccount) -> bool:
        return test.id in self._any


def _outcome(test: TestAccount, spot: Spot, before: _Before) -> Outcome:
    counts = sorted(counted(test), key=lambda one: -SEVERITY.index(one.verdict))
    last = test.units[-1].repetitions if test.units else ()
    old = before.of(test)
    return Outcome(
        test=test,
        spot=spot,
        figures=_figures(counts),
        attempts=tuple(_attempts(counts)),
        earlier=(*_lost(test), *_attempts(one for one in last if not one.counts)),
        since=_since(test.verdict, old, before.known) if old or not before.elsewhere(test) else _moved(test.verdict),
        before=old,
    )


def _lost(test: TestAccount) -> Iterator[Attempt]:
    """The attempts before the last: their repetitions, or the attempt itself where it came to none."""
    for unit in test.units[:-1]:
        if unit.repetitions:
            yield from _attempts(unit.repetitions)
        else:
            yield Attempt(unit.verdict, "", next(iter(unit.reasons), ""))


def _attempts(repetitions: Iterable[RepetitionAccount]) -> Iterator[Attempt]:
    for one in repetitions:
        yield Attempt(one.verdict, one.folder, next(iter(one.reasons), ""))


def _since(now: Verdict, old: Verdict | None, known: bool) -> Since:
    if not known:
        return "failing" if now.blames_build else ""
    if old is None:
        return "appeared" if now.blames_build else "added"
    if now.blames_build:
        return "still" if old.blames_build else "broken"
    if now is Verdict.PASS:
        return "fixed" if old.blames_build else ""
    return "undecided" if old in DECIDED else ""


def _moved(now: Verdict) -> Since:
    return "appeared" if now.blames_build else ""


def _figures(repetitions: Iterable[RepetitionAccount]) -> dict[str, float]:
    values: dict[str, list[float]] = {}
    for repetition in repetitions:
        for turn in repetition.turns:
            for figure in turn.figures:
                if not figure.doubted and figure.metric in KEY_METRICS:
                    values.setdefault(figure.metric, []).append(figure.value)
    return {name: median(found) for name, found in values.items()}


# -- grouped ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """Outcomes of one scenario, and the reason that most of them give."""

    file: str
    title: str
    reason: str
    outcomes: tuple[Outcome, ...]


def grouped_by_scenario(found: Iterable[Outcome]) -> tuple[Group, ...]:
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for one in found:
        groups.setdefault((one.spot.file, one.spot.title), []).append(one)
    return tuple(Group(*key, commonest(one.reason for one in group), tuple(group)) for key, group in groups.items())


def commonest(reasons: Iterable[str]) -> str:
    ranked = Counter(reason for reason in reasons if reason).most_common(1)
    return ranked[0][0] if ranked else ""


def gone(run: RunAccount, before: RunFigures | None) -> tuple[tuple[str, str, Verdict], ...]:
    """(test id, model, verdict) of what the baseline ran and this run does not know."""
    here = {test.id for test in run.tests}
    verdicts = before.verdicts if before is not None else {}
    return tuple((test, model, verdict) for (test, model), verdict in verdicts.items() if test not in here)


def elsewhere(run: RunAccount, before: RunFigures | None) -> int:
    """How many tests both runs know, but ran on different models: they are not compared."""
    if before is None:
        return 0
    models: dict[str, set[str]] = {}
    for test, model in before.verdicts:
        models.setdefault(test, set()).add(model)
    return sum(test.model != "" and test.id in models and not models[test.id] & {test.model, ""} for test in run.tests)
