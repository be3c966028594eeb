"""Small traces and repetitions to be judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from framework.contract.events import AssistantEvent
from framework.contract.run import BuildIdentity, HandsetIdentity, Repetition, Unit
from framework.contract.trace import ClockFit, Doubt, Instant, Series, Span, Trace
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Check, Verdict

MS = 1_000_000
S = 1000 * MS

TraceMaker = Callable[..., Trace]
RepetitionMaker = Callable[..., Repetition]


def make_trace(
    series: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    *,
    turns: Sequence[tuple[float, float]] = ((10, 20),),
    events: Sequence[AssistantEvent] = (),
    instants: Sequence[tuple[str, str, float]] = (),
) -> Trace:
    """A trace of 30 s; points are (second, value), turns (first second, last second), instants (kind, text, second)."""
    made = {
        name: Series(name, "", tuple((int(at * S), value) for at, value in points))
        for name, points in (series or {}).items()
    }
    spans = tuple(
        Span("turn", f"{number}: What is 2 + 2?", int(start * S), int(end * S))
        for number, (start, end) in enumerate(turns, 1)
    )
    told = tuple(Instant(kind, text, int(at * S)) for kind, text, at in instants)
    return Trace(ClockFit(0, 0), 0, 30 * S, made, tuple(events), spans, instants=told)


def make_repetition(
    number: int = 1,
    metrics: Sequence[Mapping[str, float]] = ({},),
    *,
    attempt: int = 1,
    trace: Trace | None = None,
    verdict: Verdict = Verdict.PASS,
    checks: Sequence[Check] = (),
    reasons: Sequence[str] = (),
    doubts: Sequence[Doubt] = (),
) -> Repetition:
    """A repetition with one turn for each mapping of metrics; `checks` belong to its first turn."""
    turns = tuple(
        TurnRecord(turn, "q", "en", "ui", None, "a", 10 * S, 20 * S, (), values, tuple(checks) if turn == 1 else ())
        for turn, values in enumerate(metrics, 1)
    )
    return Repetition(number, attempt, turns, trace, verdict, tuple(reasons), (), tuple(doubts))


@pytest.fixture
def trace() -> TraceMaker:
    return make_trace


@pytest.fixture
def repetition() -> RepetitionMaker:
    return make_repetition


@pytest.fixture
def unit() -> Unit:
    handset = HandsetIdentity("fold", "F1", "Xiaomi", "Mix Fold 3", "8 Gen 2", "14", 34, 16, True, True, "fp")
    build = BuildIdentity("compact", "1.0", "org.example.assistant", "compact-1.3b")
    return Unit("suites/smoke/a.yaml::A", "A", "suites/smoke/a.yaml", handset, build)
