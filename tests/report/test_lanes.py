from __future__ import annotations

from framework.contract.events import AssistantEvent
from framework.contract.run import Repetition
from framework.contract.trace import ClockFit, Doubt, Instant, Series, Span, Trace
from framework.contract.turn import Estimate, TurnRecord
from framework.contract.verdict import Verdict
from framework.report.axis import Axis
from framework.report.lanes import MOST_DOUBT_ROWS, Lane, lanes

S = 1_000_000_000
AXIS = Axis(0, 100 * S)


def rows(
    *turns: TurnRecord,
    spans: tuple[Span, ...] = (),
    events: tuple[AssistantEvent, ...] = (),
    instants: tuple[Instant, ...] = (),
    series: tuple[Series, ...] = (),
    doubts: tuple[Doubt, ...] = (),
    most: int = 100,
) -> tuple[Lane, ...]:
    named = {one.name: one for one in series}
    trace = Trace(ClockFit(0, 1), 0, 100 * S, named, events, spans, (), instants)
    return lanes(Repetition(1, 1, turns, trace, Verdict.PASS, (), (), doubts), trace, AXIS, most, 90)


def test_a_turn_says_what_was_asked_and_measured() -> None:
    """Its number where there is room, its best estimates in the tooltip; a step its value."""
    estimates = (Estimate("ttft_ms", 418, 9, "log"), Estimate("ttft_ms", 412.3, 0.1, "events"))
    long = TurnRecord(1, "Hi\nyou", "en", "ui", None, "a", 10 * S, 20 * S, (), {}, (), (), estimates)
    short = TurnRecord(2, "Hi", "en", "ui", None, "a", 30 * S, 31 * S, (), {"ttft_ms": 400.0})
    (lane,) = rows(long, short, spans=(Span("step", "fold: half_open", 40 * S, 60 * S),))
    assert [(mark.kind, mark.at, mark.width, mark.label, mark.says) for mark in lane.marks] == [
        ("step", 40, 20, "half_open", "step fold: half_open, 40 s (20.00 s)"),
        ("PASS", 10, 10, "1", "turn 1, 10 s: Hi you · ttft_ms 412.3 ± 0.1"),
        ("PASS", 30, 1, "", "turn 2, 30 s: Hi · ttft_ms 400"),
    ]


def test_incidents_have_their_time_and_bound() -> None:
    """Crashes, kills, clock steps and reconnects stand in the handset's row."""
    (lane,) = rows(instants=(Instant("clock_step", "5 s ahead", 50 * S, 1_200_000), Instant("odd", "?", 200 * S)))
    assert [(mark.kind, mark.at, mark.label, mark.says) for mark in lane.marks] == [
        ("clock_step", 50, "clock step", "50 s ± 1.2 ms: clock step: 5 s ahead"),
        ("other", 100, "odd", "3:20: odd: ?"),
    ]


def test_states_are_shown_while_they_hold() -> None:
    """Where the series is not 0, until it changes or the recording ends."""
    points = ((0, 0.0), (10 * S, 1.0), (20 * S, 1.0), (30 * S, 2.0))
    (lane,) = rows(series=(Series("thermal_status", "", points),))
    assert (lane.title, [(mark.at, mark.width, mark.label) for mark in lane.marks]) == (
        "thermal", [(10, 20, "status 1"), (30, 70, "status 2")],
    )  # fmt: skip


def test_each_rule_has_its_row() -> None:
    """With the stretches it objects to and their reasons; a great many of rules share the last row."""
    doubts = (
        Doubt("sampling_gap", "why", S, 9 * S),
        Doubt("pid", "how", 2 * S, 3 * S),
        Doubt("pid", "so", 5 * S, 6 * S),
    )
    assert [(lane.title, [mark.says for mark in lane.marks]) for lane in rows(doubts=doubts)] == [
        ("sampling gap", ["sampling gap, 1 s to 9 s: why"]),
        ("pid", ["pid, 2 s to 3 s: how", "pid, 5 s to 6 s: so"]),
    ]
    many = rows(doubts=tuple(Doubt(f"rule {number}", "why", number * S, 90 * S) for number in range(20)))
    assert [len(lane.marks) for lane in many] == [*[1] * MOST_DOUBT_ROWS, 20 - MOST_DOUBT_ROWS]


def test_what_is_too_much_is_thinned_everywhere() -> None:
    """First whole kinds of events, the least telling ones; then marks over the whole axis, not at its end."""
    events = tuple(
        AssistantEvent(turn, name, turn * S) for turn in range(100) for name in ("reply", "first_token", "error")
    )
    (few,) = rows(events=events, most=250)
    assert {mark.kind for mark in few.marks} == {"error", "first_token"}
    (fewer,) = rows(events=events, most=10)
    assert [mark.at for mark in fewer.marks] == [float(at) for at in range(0, 100, 10)]
