"""From the assistant's events to the metrics of a turn."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.events import EVENT_NAMES, AssistantEvent
from framework.contract.metrics import TURN_METRICS
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Verdict
from framework.verdict.turns import judge_turn, measure_turn, tokens

MS = 1_000_000


def event(name: str, at_ms: float, **fields: object) -> AssistantEvent:
    return AssistantEvent(1, name, int(at_ms * MS), fields)


SPOKEN = (
    event("speech_start", 0),
    event("speech_end", 1000),
    event("asr_final", 1300, text="hello"),
    event("request", 1310, text="hello"),
    event("first_token", 1710, n=1),
    event("token", 1760, n=2, text="b"),
    event("first_audio", 1790),
    event("token", 1810, n=3, text="c"),
    event("reply", 1820, text="abc", tokens=3),
    event("audio_end", 4000),
)


def test_a_spoken_turn_gives_every_latency() -> None:
    """Each from the begin that its definition names."""
    assert measure_turn(SPOKEN) == {
        "ttft_ms": 400,
        "total_ms": 510,
        "asr_final_ms": 300,
        "first_audio_ms": 790,
        "tpot_ms": 50,
        "decode_tps": 20,
    }


def test_a_written_turn_has_no_speech_to_count_from() -> None:
    """Sound is counted from the request then; nothing was heard."""
    written = [item for item in SPOKEN if item.event not in ("speech_start", "speech_end", "asr_final")]
    metrics = measure_turn(written)
    assert ("asr_final_ms" in metrics, metrics["first_audio_ms"]) == (False, 480)


@pytest.mark.parametrize(
    ("missing", "metrics"),
    [
        ("request", {"ttft_ms", "total_ms"}),
        ("first_token", {"ttft_ms"}),
        ("reply", {"total_ms"}),
        ("asr_final", {"asr_final_ms"}),
        ("first_audio", {"first_audio_ms"}),
        ("token", {"tpot_ms", "decode_tps"}),
    ],
)
def test_what_has_no_event_has_no_metric(missing: str, metrics: set[str]) -> None:
    """A missing event takes its own metrics away and no others."""
    left = measure_turn([item for item in SPOKEN if item.event != missing])
    assert set(measure_turn(SPOKEN)) - set(left) == metrics


def test_lost_token_lines_do_not_change_the_rate() -> None:
    """Tokens are counted by their number, as the log may drop lines."""
    lossy = [item for item in SPOKEN if item.fields.get("n") != 2]
    assert measure_turn(lossy)["decode_tps"] == 20


def test_a_first_token_that_is_also_told_as_a_token_counts_once() -> None:
    """The earlier line of the two is its time."""
    doubled = [*SPOKEN[:5], event("token", 1715, n=1, text="a"), *SPOKEN[5:]]
    assert tokens(doubled) == {1: 1710 * MS, 2: 1760 * MS, 3: 1810 * MS}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            AssistantEvent,
            st.just(1),
            st.sampled_from(EVENT_NAMES),
            st.integers(0, 10**13),
            st.fixed_dictionaries({}, optional={"n": st.integers(-3, 9) | st.text(max_size=2) | st.booleans()}),
        ),
        max_size=12,
    )
)
def test_no_events_make_a_negative_or_unknown_metric(events: list[AssistantEvent]) -> None:
    """Whatever a build logs in whatever order: no exception, only known metrics, never below zero."""
    metrics = measure_turn(events)
    assert set(metrics) <= set(TURN_METRICS)
    assert all(value >= 0 for value in metrics.values())


def test_limits_become_checks_of_the_turn() -> None:
    """In the order of the limits, each with the turn's number; what was not measured is UNMEASURED."""
    turn = TurnRecord(3, "q", "en", "ui", None, "a", 0, 1, (), {"ttft_ms": 950.0, "decode_tps": 14.0})
    checks = judge_turn(turn, {"ttft_ms": 900, "decode_tps": 12, "asr_final_ms": 500})
    assert [(check.name, check.verdict, check.turn, check.measured) for check in checks] == [
        ("ttft_ms", Verdict.FAIL, 3, True),
        ("decode_tps", Verdict.PASS, 3, True),
        ("asr_final_ms", Verdict.UNMEASURED, 3, True),
    ]
