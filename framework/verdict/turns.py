"""One turn: from the estimates of several methods to metrics, and from metrics to checks of the turn's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from framework.contract.events import AssistantEvent
from framework.contract.metrics import metric
from framework.contract.turn import Estimate, TurnRecord
from framework.contract.verdict import Check
from framework.verdict.limits import limit_check


def metrics_of(estimates: Sequence[Estimate]) -> dict[str, float]:
    """The most exact value of each metric; of two equally exact ones the first."""
    best: dict[str, Estimate] = {}
    for estimate in estimates:
        known = best.get(estimate.metric)
        if known is None or estimate.bound < known.bound:
            best[estimate.metric] = estimate
    return {name: estimate.value for name, estimate in best.items()}


def tokens(events: Sequence[AssistantEvent]) -> dict[int, int]:
    """Number of each reply token, from 1, → device_ns."""
    found: dict[int, int] = {}
    for event in events:
        number = event.fields.get("n", 1 if event.event == "first_token" else None)
        if event.event in ("first_token", "token") and isinstance(number, int):
            found.setdefault(number, event.device_ns)
    return found


def judge_turn(turn: TurnRecord, limits: Mapping[str, float]) -> tuple[Check, ...]:
    """One check for each limited metric; UNMEASURED where the turn gave none."""
    return tuple(
        limit_check(name, metric(name), turn.metrics.get(name), limit, turn=turn.number)
        for name, limit in limits.items()
    )
