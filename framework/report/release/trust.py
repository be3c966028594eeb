"""What the figures rest on: what did not run, what each handset spoilt, what was doubted, how exact values are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from statistics import median

from framework.contract.account import RepetitionAccount, RunAccount, counted
from framework.contract.metrics import METRICS, Metric
from framework.contract.run import HandsetIdentity
from framework.contract.verdict import Verdict
from framework.report.release.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class NotRun:
    reason: str
    outcomes: tuple[Outcome, ...]


def not_run(found: Iterable[Outcome], handsets: Mapping[str, HandsetIdentity]) -> tuple[NotRun, ...]:
    """By reason, the most frequent first; the same reason on several handsets is one, with an ellipsis for each."""
    names = {name for one in handsets.values() for name in (one.name, one.model) if name}
    known = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)")
    groups: dict[str, list[Outcome]] = {}
    for one in found:
        if one.verdict is Verdict.NOT_RUN:
            groups.setdefault(known.sub("…", one.reason), []).append(one)
    ranked = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    return tuple(NotRun(_reason(general, ones), tuple(ones)) for general, ones in ranked)


def _reason(general: str, found: list[Outcome]) -> str:
    return found[0].reason if len({one.reason for one in found}) == 1 else general


@dataclass(slots=True)
class Share:
    """What a handset made of its attempts: each is a repetition, or a unit that came to none."""

    handset: str
    identity: HandsetIdentity | None
    attempts: int = 0
    turns: int = 0
    invalid: Counter[str] = field(default_factory=Counter)
    """Reason → attempts."""
    lab: Counter[str] = field(default_factory=Counter)

    @property
    def spoilt(self) -> int:
        return self.invalid.total() + self.lab.total()


def shares(run: RunAccount) -> tuple[Share, ...]:
    """One a handset, those that spoilt most first."""
    found: dict[str, Share] = {}
    for unit in chain.from_iterable(test.units for test in run.tests):
        share = found.setdefault(unit.handset, Share(unit.handset, run.handsets.get(unit.handset)))
        made = [(one.verdict, one.reasons) for one in unit.repetitions] or [(unit.verdict, unit.reasons)]
        share.turns += sum(len(one.turns) for one in unit.repetitions)
        for verdict, reasons in made:
            share.attempts += 1
            if verdict is Verdict.INVALID:
                share.invalid[next(iter(reasons), "")] += 1
            elif verdict is Verdict.LAB:
                share.lab[next(iter(reasons), "")] += 1
    return tuple(sorted(found.values(), key=lambda one: -one.spoilt / max(one.attempts, 1)))


@dataclass(frozen=True, slots=True)
class Doubted:
    """What one rule of validity has left out of the figures."""

    rule: str
    example: str
    recordings: int
    left_out: tuple[tuple[str, int], ...]
    """(metric, values)."""


def doubted(run: RunAccount) -> tuple[Doubted, ...]:
    """The rule that left out most first."""
    rules: Counter[str] = Counter()
    examples: dict[str, str] = {}
    left: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for repetition in chain.from_iterable(counted(test) for test in run.tests):
        rules.update({rule for rule, _ in repetition.doubts})
        for rule, reason in repetition.doubts:
            examples.setdefault(rule, reason)
        for metric, said in _objected(repetition):
            for rule in said:
                left[rule][metric] += 1
    found = [Doubted(rule, examples[rule], count, tuple(left[rule].most_common())) for rule, count in rules.items()]
    return tuple(sorted(found, key=lambda one: (-sum(count for _, count in one.left_out), -one.recordings)))


def _objected(repetition: RepetitionAccount) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(metric, rules) of every value that is left out."""
    for turn in repetition.turns:
        yield from ((one.metric, one.doubted) for one in turn.figures if one.doubted)
    yield from ((one.metric, one.doubted) for one in repetition.sampled if one.doubted)


@dataclass(frozen=True, slots=True)
class Exactness:
    """How exact the values of a metric of turns are, in its unit."""

    metric: Metric
    values: int
    bound: float
    """The median; the true value lies within it."""
    worst: float
    methods: tuple[tuple[str, int], ...]


def exactness(run: RunAccount) -> tuple[Exactness, ...]:
    bounds: defaultdict[str, list[float]] = defaultdict(list)
    methods: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for repetition in chain.from_iterable(counted(test) for test in run.tests):
        for figure in chain.from_iterable(turn.figures for turn in repetition.turns):
            if figure.bound is not None and not figure.doubted:
                bounds[figure.metric].append(figure.bound)
                methods[figure.metric][figure.method] += 1
    return tuple(
        Exactness(one, len(found), median(found), max(found), tuple(methods[one.name].most_common()))
        for one in METRICS
        if (found := bounds.get(one.name))
    )
