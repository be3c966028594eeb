"""The run in a few plain sentences: what failed, what that is against the baseline, what moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from framework.contract.metrics import Metric, metric
from framework.report.figures import brief
from framework.report.release.facts import Facts
from framework.report.release.moves import Move, by_metric
from framework.report.release.texts import percent, shown, signed
from framework.report.release.trends import Trend
from framework.report.release.words import Said, say

PRIMARY = ("ttft_ms", "decode_tps", "first_audio_ms", "rss_mb", "skin_c")
"""The metrics that a release is judged by first."""


def summary(facts: Facts) -> tuple[Said, ...]:
    """What became of the tests."""
    return (*_verdicts(facts), *_since(facts))


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Literal["worse", "same", "better"]
    says: Said
    place: str
    """The part of the page that shows it."""


def findings(facts: Facts) -> tuple[Finding, ...]:
    """What was measured, the worst first."""
    order = ("worse", "same", "better")
    return tuple(sorted((*_moved(facts), *_trends(facts)), key=lambda found: order.index(found.kind)))


def _verdicts(facts: Facts) -> Iterator[Said]:
    total = len(facts.outcomes)
    ran = facts.decided + facts.undecided
    if not total:
        yield say("s.nothing")
    elif not ran:
        yield say("s.notrun", n=total)
    elif facts.failed:
        yield say("s.fail", n=facts.failed, of=ran)
    elif facts.decided:
        yield say("s.pass1") if ran == 1 else say("s.pass", n=facts.decided)
    if facts.undecided:
        yield say("s.undecided", n=facts.undecided)
    if ran and total > ran:
        yield say("s.skipped", n=total - ran)


def _since(facts: Facts) -> Iterator[Said]:
    if facts.before is None:
        yield say("s.alone")
        return
    build = shown(facts.before.head.build.label, 60)
    new = len(facts.since("broken")) + len(facts.since("appeared"))
    fixed, still = len(facts.since("fixed")), len(facts.since("still"))
    if new or fixed or still:
        parts = [say(f"s.since.{key}", n=n) for key, n in (("new", new), ("fixed", fixed), ("still", still)) if n]
        yield say(f"s.since{len(parts)}", build=build, **dict(zip("abc", parts, strict=False)))
    elif facts.decided and not facts.since("undecided"):
        yield say("s.unchanged", build=build)


def _moved(facts: Facts) -> Iterator[Finding]:
    """Of the metrics that a release is judged by first, or that alone have moved."""
    groups = list(by_metric(facts.moves))
    judged = {
        entry.name: [move for move in found if move.kind in ("worse", "better", "same")] for entry, found in groups
    }
    kinds: tuple[Literal["worse", "better"], ...] = ("worse", "better")
    for kind in kinds:
        bad = [(entry, [move for move in found if move.kind == kind]) for entry, found in groups]
        told = [(entry, found) for entry, found in bad if found and entry.name in PRIMARY]
        told = told or [(entry, found) for entry, found in bad[:2] if found]
        for entry, found in told:
            yield Finding(kind, moved(entry, found, len(judged[entry.name])), f"m-{entry.name}")
        if kind == "worse":
            alone = list(_alone(facts, groups))
            yield from alone
            if not told and not alone and any(judged.values()):
                yield Finding("same", say("s.still"), "spread")


def _alone(facts: Facts, groups: Iterable[tuple[Metric, tuple[Move, ...]]]) -> Iterator[Finding]:
    """Single scenarios that became worse where their models as a whole did not."""
    for entry, found in groups:
        bad = [(move, move.local) for move in found if move.local is not None and move.local.worse]
        if bad and entry.name in PRIMARY:
            move, local = max(bad, key=lambda pair: abs(pair[1].change))
            says = say(
                "s.alone1",
                metric=say(f"m.{entry.name}"),
                direction=say(f"{entry.unit}.worse"),
                n=len(bad),
                title=shown(facts.titles.get(local.test, local.test), 90),
                model=shown(move.model, 60),
                change=percent(local.change),
            )
            yield Finding("worse", says, "moves")


def moved(entry: Metric, found: list[Move], of: int) -> Said:
    name, direction = say(f"m.{entry.name}"), say(f"{entry.unit}.{found[0].kind}")
    if len(found) == 1 and of > 1:
        model = shown(found[0].model, 60)
        return say("s.moved1", metric=name, direction=direction, model=model, range=change(found[0]))
    ends = sorted(found, key=lambda move: move.change)
    texts = dict.fromkeys((change(ends[0]), change(ends[-1])))
    return say("s.moved", metric=name, direction=direction, n=len(found), of=of, range=" … ".join(texts))


def change(move: Move) -> str:
    return percent(move.change) if move.relative else f"{signed(move.change)} {unit(move.metric)}".rstrip()


def unit(entry: Metric) -> str:
    return "" if entry.unit == "share" else entry.unit


def _trends(facts: Facts) -> Iterator[Finding]:
    for name in dict.fromkeys(one.course.metric for one in facts.trends):
        every = [one for one in facts.trends if one.course.metric == name]
        worse = [one for one in every if one.kind == "worse" and not one.usual]
        if worse:
            yield Finding("worse", _trend(name, worse, len({one.course.model for one in every})), "courses")


def _trend(name: str, worse: list[Trend], of: int) -> Said:
    most = max(worse, key=lambda one: abs(one.change) / max(abs(one.first), 1e-9))
    return say(
        "s.trend",
        metric=say(f"m.{name}"),
        does=say(f"u.{name}"),
        n=len({one.course.model for one in worse}),
        of=of,
        model=shown(most.course.model, 60),
        first=brief(most.first),
        last=brief(most.last),
        unit=metric(name).unit,
        turns=most.turns,
    )
