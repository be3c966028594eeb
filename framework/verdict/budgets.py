"""A scenario's budget against all turns and samples of its counted repetitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from framework.contract.metrics import Metric, Statistic, metric
from framework.contract.run import Repetition
from framework.contract.verdict import Check, Verdict
from framework.verdict.limits import limit_check
from framework.verdict.statistics import statistic

Budget = Mapping[str, Mapping[Statistic, float]]


def judge_budget(budget: Budget, repetitions: Sequence[Repetition]) -> tuple[Check, ...]:
    """One check for each limit, over the values of all repetitions together.

    A repetition in which the metric is doubted is left out, and the check says so; where all are, it is INVALID. A
    repetition without a single value of the metric makes the check UNMEASURED, unless the rest is beyond the limit
    already: what was not measured has not passed.
    """
    return tuple(
        _check(metric(name), which, limit, repetitions)
        for name, limits in budget.items()
        for which, limit in limits.items()
    )


def values(wanted: Metric, repetition: Repetition) -> tuple[float, ...]:
    """One value a turn, or one a sample from the first turn's begin to the end of the recording.

    The recorder goes on until every probe has sampled after the last turn, so a short turn has its samples, too.
    """
    if wanted.per_turn:
        return tuple(turn.metrics[wanted.name] for turn in repetition.turns if wanted.name in turn.metrics)
    trace = repetition.trace
    series = trace.series.get(wanted.name) if trace else None
    if trace is None or series is None or not repetition.turns:
        return ()
    return series.between(repetition.turns[0].start_ns, trace.end_ns)


def _check(wanted: Metric, which: Statistic, limit: float, repetitions: Sequence[Repetition]) -> Check:
    trusted = [one for one in repetitions if not any(doubt.concerns(wanted.name) for doubt in one.doubts)]
    name = f"budget {wanted.name} {which}"
    if repetitions and not trusted:
        words = limit_check(name, wanted, None, limit).expected
        return Check(name, Verdict.INVALID, words, "no value that can be trusted", measured=True)
    check = _over(name, wanted, which, limit, trusted)
    if len(trusted) == len(repetitions):
        return check
    left_out = ", ".join(str(one.number) for one in repetitions if one not in trusted)
    return replace(check, found=f"{check.found}, without repetition {left_out}, which cannot be trusted")


def _over(name: str, wanted: Metric, which: Statistic, limit: float, repetitions: Sequence[Repetition]) -> Check:
    measured = [values(wanted, repetition) for repetition in repetitions]
    pooled = [value for some in measured for value in some]
    found = statistic(which, pooled, wanted.better) if pooled else None
    check = limit_check(name, wanted, found, limit)
    if check.verdict is Verdict.PASS and not all(measured):
        lacking = ", ".join(
            str(repetition.number) for repetition, some in zip(repetitions, measured, strict=True) if not some
        )
        return Check(name, Verdict.UNMEASURED, check.expected, f"no data in repetition {lacking}", measured=True)
    return check
