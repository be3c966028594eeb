"""From checks and doubts to the verdict of a repetition, and from repetitions to that of the unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from framework.contract.run import Repetition, Unit, UnitResult
from framework.contract.trace import Doubt
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Check, Verdict, gravest
from framework.verdict.budgets import Budget, judge_budget
from framework.verdict.validity import Circumstances, doubts, killed

BLAMED = ("crash", "anr")
"""Instants of a recording that are the build's failures, also where the assistant came back by itself. So is its
low-memory kill, unless others had taken the memory: `validity.killed` has the rule."""

NOT_COUNTED = (Verdict.INVALID, Verdict.LAB, Verdict.NOT_RUN)


def judge_repetition(repetition: Repetition, circumstances: Circumstances, failures: Sequence[str] = ()) -> Repetition:
    """The repetition with its doubts, verdict and reasons; `failures`: what the build did wrong outside of any check.

    A limit on a metric that cannot be trusted neither passes nor fails. A wrong answer stays wrong, and so does a
    limit that is missed by a metric that nothing speaks against. What is left is INVALID if a doubt counts: if it
    concerns everything, or a metric that the scenario limits. A doubt that concerns no such metric is kept as
    evidence and does not change the verdict.
    """
    found = _doubts(repetition, circumstances)
    failures = _failures(repetition, circumstances, failures, found)
    repetition = replace(repetition, doubts=found)
    counting = circumstances.counting(found)
    checks = [check for turn in repetition.turns for check in turn.checks]
    counted = [check for check in checks if not _doubted(check, counting)]
    failed = gravest(tuple(check.verdict for check in counted))
    reasons = (*failures, *(_told(check) for check in counted if check.verdict is not Verdict.PASS))
    invalid = _in_words(counting)
    if failures or failed is Verdict.FAIL:
        return replace(repetition, verdict=Verdict.FAIL, reasons=(*reasons, *invalid))
    if invalid:
        return replace(repetition, verdict=Verdict.INVALID, reasons=invalid)
    return replace(repetition, verdict=failed, reasons=reasons)


def judge_unit(unit: Unit, budget: Budget, repetitions: Sequence[Repetition]) -> UnitResult:
    """The unit's one verdict, from the last attempt at each repetition and the budget over those that count."""
    last = list({repetition.number: repetition for repetition in repetitions}.values())
    if not last:
        return UnitResult(unit, Verdict.NOT_RUN, ("nothing was run",), ())
    counted = [repetition for repetition in last if repetition.verdict not in NOT_COUNTED]
    checks = judge_budget(budget, counted) if counted else ()
    verdict = gravest((*(repetition.verdict for repetition in last), *(check.verdict for check in checks)))
    told = tuple(reason for repetition in last for reason in _reasons(repetition, len(last)))
    missed = tuple(_told(check) for check in checks if check.verdict is not Verdict.PASS)
    return UnitResult(unit, verdict, told + missed, tuple(repetitions), checks)


def _failures(
    repetition: Repetition, circumstances: Circumstances, told: Sequence[str], doubts: Sequence[Doubt]
) -> tuple[str, ...]:
    """What the build did wrong outside of any check. A process that was killed for others can answer nothing."""
    trace = repetition.trace
    if trace is None:
        return tuple(told)
    excused = any(doubt.rule == killed.NAME for doubt in doubts)
    crashes = [instant.text for instant in trace.instants if instant.kind in BLAMED]
    mine = () if excused else (*told, *(kill.text for kill in killed.kills(trace, circumstances.package)))
    return tuple(dict.fromkeys((*mine, *crashes)))


def _doubts(repetition: Repetition, circumstances: Circumstances) -> tuple[Doubt, ...]:
    """Those about its recording, with the events as the turns were measured by."""
    if repetition.trace is None:
        return ()
    events = tuple(event for turn in repetition.turns for event in turn.events)
    lacking = {str(turn.number): _lacking(turn) for turn in repetition.turns}
    return doubts(replace(repetition.trace, events=events), replace(circumstances, lacking=lacking))


def _lacking(turn: TurnRecord) -> frozenset[str]:
    """The metrics whose limits it did not keep, with nothing to show for it but what was seen from the host.

    Frames do not tell what is on them: where no line of a log does, they are chosen by looks.
    """
    proven = {estimate.metric for estimate in turn.estimates if estimate.method not in ("screen", "frames")}
    missed = (Verdict.UNMEASURED, Verdict.FAIL) if turn.estimates else (Verdict.UNMEASURED,)
    return frozenset(check.name for check in turn.checks if check.verdict in missed and check.name not in proven)


def _doubted(check: Check, doubts: Iterable[Doubt]) -> bool:
    """Whether a turn's check compares a metric (its name) that a doubt concerns."""
    return check.measured and any(doubt.concerns(check.name) for doubt in doubts)


def _in_words(doubts: Sequence[Doubt]) -> tuple[str, ...]:
    """One reason for each rule: the first of its doubts, and how many more there are."""
    told: dict[str, list[str]] = {}
    for doubt in doubts:
        told.setdefault(doubt.rule, []).append(doubt.reason)
    return tuple(_and_more(reasons) for reasons in told.values())


def _and_more(reasons: Sequence[str]) -> str:
    return reasons[0] if len(reasons) == 1 else f"{reasons[0]} (and {len(reasons) - 1} more)"


def _reasons(repetition: Repetition, of: int) -> tuple[str, ...]:
    """Reasons of a repetition that did not pass, with its number where there are several."""
    if repetition.verdict is Verdict.PASS:
        return ()
    prefix = f"repetition {repetition.number}: " if of > 1 else ""
    return tuple(prefix + reason for reason in repetition.reasons)


def _told(check: Check) -> str:
    return f"turn {check.turn}: {check}" if check.turn is not None else str(check)
