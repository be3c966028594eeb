"""From checks and doubts to the verdict of a repetition, and from repetitions to that of the unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from framework.contract.run import Repetition, Unit, UnitResult
from framework.contract.verdict import Check, Verdict, gravest
from framework.verdict.budgets import Budget, judge_budget
from framework.verdict.validity import doubts

NOT_COUNTED = (Verdict.INVALID, Verdict.LAB, Verdict.NOT_RUN)


def judge_repetition(repetition: Repetition, failures: Sequence[str] = ()) -> Repetition:
    """The repetition with its verdict and reasons; `failures` are what the build did wrong outside of any check.

    A measurement that cannot be trusted makes measured checks mean nothing, so that they neither pass nor fail;
    a wrong answer stays wrong.
    """
    invalid = _doubts(repetition)
    checks = [check for turn in repetition.turns for check in turn.checks]
    content = [check for check in checks if not check.measured]
    counted = content if invalid else checks
    failed = gravest(tuple(check.verdict for check in counted))
    reasons = (*failures, *(_told(check) for check in counted if check.verdict is not Verdict.PASS))
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
    trusted = [repetition for repetition in last if repetition.verdict not in NOT_COUNTED and not _doubts(repetition)]
    checks = judge_budget(budget, trusted) if trusted else ()
    verdict = gravest((*(repetition.verdict for repetition in last), *(check.verdict for check in checks)))
    told = tuple(reason for repetition in last for reason in _reasons(repetition, len(last)))
    missed = tuple(_told(check) for check in checks if check.verdict is not Verdict.PASS)
    return UnitResult(unit, verdict, told + missed, tuple(repetitions), checks)


def _doubts(repetition: Repetition) -> tuple[str, ...]:
    return doubts(repetition.trace) if repetition.trace is not None else ()


def _reasons(repetition: Repetition, of: int) -> tuple[str, ...]:
    """Reasons of a repetition that did not pass, with its number where there are several."""
    if repetition.verdict is Verdict.PASS:
        return ()
    prefix = f"repetition {repetition.number}: " if of > 1 else ""
    return tuple(prefix + reason for reason in repetition.reasons)


def _told(check: Check) -> str:
    return f"turn {check.turn}: {check}" if check.turn is not None else str(check)
