"""Times of one turn's events, each known within an interval, and the latencies between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from framework.contract.events import AssistantEvent
from framework.contract.turn import Estimate, Method

NS_PER_MS = 1_000_000
ROUNDING_MS = 1e-6
"""Times are whole nanoseconds."""

GUESSED_TOKENS = 3
"""So many tokens lost at the beginning of a reply are made good from the rate of the others."""

UNCOUNTED = 0.1
"""Share of the rate by which it may differ over tokens that were lost without a trace."""

Interval = tuple[float, float]
"""Nanoseconds; the true time lies between both, ends included."""

SPANS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("ttft_ms", ("request",), "first_token"),
    ("total_ms", ("request",), "reply"),
    ("asr_final_ms", ("speech_end",), "asr_final"),
    ("first_audio_ms", ("speech_end", "request"), "first_audio"),
)
"""Metric, the events that it begins with (the first of them that there is), the event that it ends with."""


@dataclass(frozen=True, slots=True)
class Marks:
    """All times on one clock. `tokens` by number, from 1; `total` tokens in the reply, None where nobody tells."""

    at: Mapping[str, Interval]
    tokens: Mapping[int, Interval]
    total: int | None


def gather(timed: Iterable[tuple[AssistantEvent, Interval]]) -> Marks:
    """Of an event that is there several times the first counts; the order of the lines does not."""
    at: dict[str, Interval] = {}
    tokens: dict[int, Interval] = {}
    total: int | None = None
    for event, interval in sorted(timed, key=lambda one: one[1]):
        at.setdefault(event.event, interval)
        number = event.fields.get("n", 1 if event.event == "first_token" else None)
        if event.event in ("first_token", "token") and _counts(number):
            tokens.setdefault(number, interval)
        if event.event == "reply" and _counts(event.fields.get("tokens")):
            total = event.fields["tokens"]
    return _completed(at, tokens, total)


def spans(marks: Marks, method: Method) -> tuple[Estimate, ...]:
    """Every latency whose events are there; none below zero."""
    found: list[Estimate | None] = []
    for metric, begins, end in SPANS:
        begin = next((marks.at[event] for event in begins if event in marks.at), None)
        if begin is not None and end in marks.at:
            found.append(between(metric, begin, marks.at[end], method))
    return tuple(one for one in (*found, *rate(_per_token(marks), method)) if one is not None)


def between(metric: str, begin: Interval, end: Interval, method: Method) -> Estimate | None:
    """The time from one to the other; None where it would be below zero."""
    return estimate(metric, (end[0] - begin[1], end[1] - begin[0]), method)


def estimate(metric: str, ns: Interval, method: Method) -> Estimate | None:
    low, high = max(ns[0], 0.0) / NS_PER_MS, ns[1] / NS_PER_MS
    return None if high < 0 else Estimate(metric, (low + high) / 2, max((high - low) / 2, ROUNDING_MS), method)


def rate(per_token: Interval | None, method: Method) -> tuple[Estimate, ...]:
    """tpot_ms and decode_tps, which is its reciprocal."""
    if per_token is None or per_token[1] <= 0:
        return ()
    tpot = estimate("tpot_ms", per_token, method)
    low, high = (max(edge, ROUNDING_MS * NS_PER_MS) for edge in per_token)
    fast, slow = 1e9 / low, 1e9 / high
    tps = Estimate("decode_tps", (slow + fast) / 2, max((fast - slow) / 2, ROUNDING_MS), method)
    return (tps,) if tpot is None else (tpot, tps)


def last_token(marks: Marks) -> Interval | None:
    """When the last of all tokens came; None where it was lost and no line tells how many there were."""
    if not marks.tokens:
        return None
    last = max(marks.tokens)
    if marks.total is None or last >= marks.total:
        return marks.tokens[last]
    return (marks.tokens[last][0], marks.at["reply"][1])


def _completed(at: dict[str, Interval], tokens: dict[int, Interval], total: int | None) -> Marks:
    """With the first token, if its line was lost, as the rate of the others has it."""
    if 1 in tokens:
        at.setdefault("first_token", tokens[1])
    elif "first_token" in at:
        tokens[1] = at["first_token"]
    elif len(tokens) > 1 and min(tokens) <= GUESSED_TOKENS:
        first, last = min(tokens), max(tokens)
        lost_ns = (first - 1) * (tokens[last][1] - tokens[first][0]) / (last - first)
        earliest = max(tokens[first][0] - 2 * lost_ns, at["request"][0] if "request" in at else 0)
        at["first_token"] = tokens[1] = (min(earliest, tokens[first][1]), tokens[first][1])
    return Marks(at, tokens, total)


def _per_token(marks: Marks) -> Interval | None:
    """Nanoseconds a token, from the first to the last of the reply."""
    last = last_token(marks)
    if 1 not in marks.tokens or len(marks.tokens) < 2 or last is None:
        return None
    count = max(max(marks.tokens), marks.total or 0) - 1
    low, high = (last[0] - marks.tokens[1][1]) / count, (last[1] - marks.tokens[1][0]) / count
    if high <= 0:
        return None
    open_end = marks.total is None and not _ends_with(marks, last, high)
    return (low * (1 - UNCOUNTED), high * (1 + UNCOUNTED)) if open_end else (low, high)


def _ends_with(marks: Marks, last: Interval, per_token: float) -> bool:
    """Whether the reply ended so soon after its last known token that none can be lost in between."""
    return "reply" in marks.at and marks.at["reply"][0] - last[1] < per_token


def _counts(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number > 0
