"""By the build's own events."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.events import EVENT_NAMES, AssistantEvent
from framework.contract.metrics import TURN_METRICS
from framework.contract.turn import Estimate
from framework.trace.methods import events as by_events

MS = 1_000_000


def event(name: str, at_ms: float, **fields: object) -> AssistantEvent:
    return AssistantEvent(1, name, int(at_ms * MS), fields)


def measure_turn(events: Sequence[AssistantEvent]) -> dict[str, float]:
    return {one.metric: one.value for one in by_events.estimates(events)}


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
        ("reply", {"total_ms"}),
        ("asr_final", {"asr_final_ms"}),
        ("first_audio", {"first_audio_ms"}),
        ("token", {"tpot_ms", "decode_tps"}),
        ("first_token", set()),
    ],
)
def test_what_has_no_event_has_no_metric(missing: str, metrics: set[str]) -> None:
    """A missing event takes its own metrics away and no others; the first token is made good from those after it."""
    left = measure_turn([item for item in SPOKEN if item.event != missing])
    assert set(measure_turn(SPOKEN)) - set(left) == metrics


def test_lost_token_lines_do_not_change_the_rate() -> None:
    """Tokens are counted by their number, as the log may drop lines."""
    lossy = [item for item in SPOKEN if item.fields.get("n") != 2]
    assert measure_turn(lossy)["decode_tps"] == 20


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


def test_events_are_exact() -> None:
    """Where no line is missing the bound is a nanosecond."""
    assert {one.bound for one in by_events.estimates(SPOKEN)} == {1e-6}
    assert {one.method for one in by_events.estimates(SPOKEN)} == {"events"}


def decoded(per_token_ms: Sequence[int], lag_ms: int) -> list[AssistantEvent]:
    """A turn whose tokens come these times apart, and the end of the reply `lag_ms` after the last."""
    events, at = [event("request", 0)], 300
    for n, step in enumerate((0, *per_token_ms), 1):
        at += step
        events += [event("first_token", at, n=1)] if n == 1 else []
        events += [event("token", at, n=n)]
    return [*events, event("reply", at + lag_ms, tokens=len(per_token_ms) + 1)]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(40, 50), min_size=3, max_size=20),
    st.integers(0, 5),
    st.lists(st.floats(0, 1), min_size=45, max_size=45),
    st.randoms(use_true_random=False),
)
def test_lost_and_shuffled_lines_are_covered(
    steps: list[int], lag_ms: int, chances: list[float], order: random.Random
) -> None:
    """With a fifth of the lines lost, and in any order: what is still measured is within its bound."""
    whole = decoded(steps, lag_ms)
    truth = {one.metric: one.value for one in by_events.estimates(whole)}
    left = [one for one, chance in zip(whole, chances, strict=False) if chance > 0.2]
    order.shuffle(left)
    for estimate in by_events.estimates([*left, *left[:3]]):
        assert abs(estimate.value - truth[estimate.metric]) <= estimate.bound + 1e-9, (estimate, truth)


def test_a_lost_first_token_widens_the_bound() -> None:
    """It is told from the rate of the others, with that as the bound; too many lost ones are not guessed."""
    whole = decoded([50] * 5, 0)
    (ttft,) = [one for one in by_events.estimates([whole[0], *whole[3:]]) if one.metric == "ttft_ms"]
    assert ttft == Estimate("ttft_ms", 300, 50, "events")
    assert "ttft_ms" not in measure_turn([whole[0], *whole[6:]])
