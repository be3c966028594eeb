"""From the assistant's events to the metrics of a turn."""

from __future__ import annotations

from framework.contract.events import AssistantEvent
from framework.contract.turn import Estimate, TurnRecord
from framework.contract.verdict import Verdict
from framework.verdict.turns import judge_turn, metrics_of, tokens

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


def test_the_most_exact_estimate_is_the_metric() -> None:
    """Whatever method it is by; of two alike the first."""
    estimates = (
        Estimate("ttft_ms", 410, 6, "log"),
        Estimate("ttft_ms", 400, 0.001, "events"),
        Estimate("first_text_ms", 420, 9, "frames"),
        Estimate("first_text_ms", 500, 9, "screen"),
    )
    assert metrics_of(estimates) == {"ttft_ms": 400, "first_text_ms": 420}


def test_a_first_token_that_is_also_told_as_a_token_counts_once() -> None:
    """The earlier line of the two is its time."""
    doubled = [*SPOKEN[:5], event("token", 1715, n=1, text="a"), *SPOKEN[5:]]
    assert tokens(doubled) == {1: 1710 * MS, 2: 1760 * MS, 3: 1810 * MS}


def test_limits_become_checks_of_the_turn() -> None:
    """In the order of the limits, each with the turn's number; what was not measured is UNMEASURED."""
    turn = TurnRecord(3, "q", "en", "ui", None, "a", 0, 1, (), {"ttft_ms": 950.0, "decode_tps": 14.0})
    checks = judge_turn(turn, {"ttft_ms": 900, "decode_tps": 12, "asr_final_ms": 500})
    assert [(check.name, check.verdict, check.turn, check.measured) for check in checks] == [
        ("ttft_ms", Verdict.FAIL, 3, True),
        ("decode_tps", Verdict.PASS, 3, True),
        ("asr_final_ms", Verdict.UNMEASURED, 3, True),
    ]
