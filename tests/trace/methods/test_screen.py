"""By polling the screen, against simulated looks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.observed import Look, Observed
from framework.contract.trace import ClockFit
from framework.trace.methods import screen

MS = 1_000_000
S = 1_000 * MS
WORDS = ["In", "Hanoi", "it", "will", "be", "rainy", "tomorrow"]


def looks(shown_ns: list[int], delays_ms: list[int], scale: float) -> tuple[Look, ...]:
    """One after the other, from 50 ms before the question at 10 s of host time; device time runs `scale` as fast."""
    found, now, n = [], 10 * S - 50 * MS, 0
    while not found or found[-1].text != " ".join(WORDS):
        there, back = delays_ms[n % len(delays_ms)], delays_ms[(n + 1) % len(delays_ms)]
        seen_at = now + there * MS
        words = sum(at <= (seen_at - 10 * S) * scale for at in shown_ns)
        found.append(Look(now, seen_at + back * MS, " ".join(WORDS[:words])))
        now, n = found[-1].ended_ns, n + 2
    return tuple(found)


@settings(max_examples=200, deadline=None)
@given(
    scale=st.sampled_from([1.0, 20.0]),
    first_ms=st.integers(50, 3_000),
    step_ms=st.integers(20, 80),
    view_ms=st.integers(0, 50),
    glass_ms=st.integers(0, 75),
    delays=st.lists(st.integers(1, 40), min_size=2, max_size=7),
    sent_ms=st.integers(0, 40),
)
def test_the_truth_is_covered(
    scale: float, first_ms: int, step_ms: int, view_ms: int, glass_ms: int, delays: list[int], sent_ms: int
) -> None:
    """For any delays of the looks, of the view behind the tokens, and of the glass behind the view.

    The question came anywhere in the sending.
    """
    tokens = [(first_ms + n * step_ms) * MS for n in range(len(WORDS))]
    seen = looks([at + view_ms * MS for at in tokens], delays, scale)
    observed = Observed((10 * S - sent_ms * MS, 10 * S + sent_ms * MS), (), seen)
    found = {one.metric: one for one in screen.estimates(observed, ClockFit(77 * S, MS, scale), len(WORDS))}
    truth = {"first_text_ms": first_ms + view_ms + glass_ms}
    if screen.grows(seen):
        truth |= {"ttft_ms": first_ms, "tpot_ms": step_ms}
    assert found.keys() - {"decode_tps"} == truth.keys()
    for metric, value in truth.items():
        assert abs(found[metric].value - value) <= found[metric].bound + 1e-6, metric


def test_a_reply_that_came_as_a_whole_tells_no_first_token() -> None:
    """The app may have kept it back until it was whole."""
    seen = (Look(0, MS, "old"), Look(MS, 2 * MS, "old"), Look(2 * MS, 3 * MS, "new reply"))
    found = screen.estimates(Observed((0, 0), (), seen), ClockFit(0, 0), 5)
    assert {one.metric for one in found} == {"first_text_ms"}


def test_a_screen_that_does_not_change_tells_nothing() -> None:
    """Without a change there is no first text."""
    seen = (Look(0, MS, "old"), Look(MS, 2 * MS, "old"))
    assert screen.estimates(Observed((0, 0), (), seen), ClockFit(0, 0)) == ()


def test_a_clock_that_was_held_back_longer_is_allowed_for() -> None:
    """What was seen then may have come earlier by the handset's clock, by as much as it was further behind."""
    seen = (Look(0, MS, ""), Look(10 * MS, 11 * MS, "new"), Look(20 * MS, 21 * MS, "new reply"))
    host = ClockFit(0, 0, 20.0)
    usual, late = (screen.first_change(Observed((0, MS), (), seen, ns), host) for ns in (0, 50 * MS))
    assert usual is not None
    assert late == (usual[0] - 50 * MS * 20, usual[1])


def test_lateness_is_the_worst_since_the_turn_began() -> None:
    """What is allowed for anyway is none."""
    late = ((5 * S, 90.0), (20 * S, 40.0), (25 * S, 35.0))
    assert [screen.held_back_ns(late, at * S) for at in (6, 21, 26)] == [10 * MS, 5 * MS, 0]
