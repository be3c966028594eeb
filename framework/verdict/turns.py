"""One turn: from the assistant's events to metrics, and from metrics to checks of the turn's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from framework.contract.events import AssistantEvent
from framework.contract.metrics import metric
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Check
from framework.verdict.limits import limit_check

NS_PER_MS = 1_000_000
SPANS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("ttft_ms", ("request",), "first_token"),
    ("total_ms", ("request",), "reply"),
    ("asr_final_ms", ("speech_end",), "asr_final"),
    ("first_audio_ms", ("speech_end", "request"), "first_audio"),
)
"""Metric, the events that it begins with (the first of them that there is), the event that it ends with."""


def measure_turn(events: Sequence[AssistantEvent]) -> dict[str, float]:
    """The metrics of one turn's events; one that lacks an event, or would be negative, is left out.

    Of an event that is there several times the first counts. Tokens are counted by their `n`, not by their lines,
    so that lines the log has dropped do not change the rate.
    """
    at = {event.event: event.device_ns for event in reversed(events)}
    values: dict[str, float] = {}
    for name, begins, ends in SPANS:
        begin = next((at[event] for event in begins if event in at), None)
        if begin is not None and ends in at and at[ends] >= begin:
            values[name] = (at[ends] - begin) / NS_PER_MS
    return values | _decoding(events)


def tokens(events: Sequence[AssistantEvent]) -> dict[int, int]:
    """Number of each reply token, from 1, → device_ns."""
    found: dict[int, int] = {}
    for event in events:
        number = event.fields.get("n", 1 if event.event == "first_token" else None)
        if event.event in ("first_token", "token") and isinstance(number, int):
            found.setdefault(number, event.device_ns)
    return found


def _decoding(events: Sequence[AssistantEvent]) -> dict[str, float]:
    """tpot_ms and decode_tps = (n-1) / (t_last - t_first)."""
    times = tokens(events)
    if len(times) < 2:
        return {}
    first, last = min(times), max(times)
    elapsed_ms = (times[last] - times[first]) / NS_PER_MS
    if elapsed_ms <= 0:
        return {}
    per_token = elapsed_ms / (last - first)
    return {"tpot_ms": per_token, "decode_tps": 1000 / per_token}


def judge_turn(turn: TurnRecord, limits: Mapping[str, float]) -> tuple[Check, ...]:
    """One check for each limited metric; UNMEASURED where the turn gave none."""
    return tuple(
        limit_check(name, metric(name), turn.metrics.get(name), limit, turn=turn.number)
        for name, limit in limits.items()
    )
