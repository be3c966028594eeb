"""By the times of log lines, against a simulated wall clock."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.events import AssistantEvent
from framework.contract.observed import Observed, Seen
from framework.contract.trace import ClockFit, ClockSegment
from framework.trace.methods import log

MS = 1_000_000
S = 1_000 * MS
HOST = ClockFit(0, MS)
"""Host time is boot time."""

NAMES = ("request", "first_token", "token", "token", "reply")
AT_MS = (0, 400, 450, 500, 505)


def turn(
    start_ns: int, step_at_ns: int, step_ns: int, delay_ns: int = 20 * MS, lost: frozenset[int] = frozenset()
) -> Observed:
    """A turn whose lines are stamped by a wall clock that is set by `step_ns` at a boot time."""
    seen = []
    for index, (name, at_ms) in enumerate(zip(NAMES, AT_MS, strict=True)):
        at = start_ns + at_ms * MS
        wall = at + (step_ns if at >= step_at_ns else 0)
        fields = {"n": index} if name in ("first_token", "token") else {"tokens": 3} if name == "reply" else {}
        if index not in lost:
            seen.append(Seen(AssistantEvent(1, name, at, fields), wall // 1000 * 1000, at + delay_ns, exact=False))
    return Observed((start_ns, start_ns), tuple(seen))


def clocks(step_at_ns: int, step_ns: int, zone_ns: int, bound_ns: int) -> tuple[ClockSegment, ...]:
    """As `ClockWatch` tells of it, from 0 to 200 s of boot time."""
    return (
        ClockSegment(0, step_at_ns + zone_ns, 0, bound_ns),
        ClockSegment(step_at_ns - zone_ns, 200 * S, -step_ns, bound_ns),
    )


def values(observed: Observed, wall: tuple[ClockSegment, ...]) -> dict[str, tuple[float, float]]:
    return {one.metric: (one.value, one.bound) for one in log.estimates(observed, wall, HOST)}


def test_within_one_stretch_only_the_lag_of_lines_counts() -> None:
    """However badly the wall clock is known, differences are as exact as the lines."""
    found = values(turn(100 * S, 300 * S, 0), (ClockSegment(0, 200 * S, 0, 3 * S),))
    assert abs(found["ttft_ms"][0] - 400) < 0.2
    assert 5 <= found["ttft_ms"][1] < 5.3
    assert abs(found["tpot_ms"][0] - 50) < 0.2


def test_without_a_wall_clock_nothing_is_told() -> None:
    """Whether it was set in between is then not known."""
    assert values(turn(100 * S, 300 * S, 0), ()) == {}


@settings(max_examples=300, deadline=None)
@given(
    step_ms=st.integers(-5_000, 5_000).filter(lambda ms: abs(ms) > 30),
    step_at=st.integers(98_000, 102_000),
    zone=st.integers(0, 1_000),
    bound=st.integers(1, 12),
    delay_ms=st.integers(0, 200),
    lost=st.frozensets(st.integers(0, 4)),
    doubled=st.booleans(),
)
def test_a_clock_that_is_set_in_the_middle_is_covered(
    step_ms: int, step_at: int, zone: int, bound: int, delay_ms: int, lost: frozenset[int], doubled: bool
) -> None:
    """Whatever the step, its place and what the log has lost: what is told is within its bound."""
    observed = turn(100 * S, step_at * MS, step_ms * MS, delay_ms * MS, lost)
    if doubled:
        observed = Observed(observed.sending, (*reversed(observed.seen), *observed.seen))
    found = values(observed, clocks(step_at * MS, step_ms * MS, zone * MS, bound * MS))
    for metric, truth in (("ttft_ms", 400), ("tpot_ms", 50), ("total_ms", 505)):
        if metric in found:
            value, limit = found[metric]
            assert abs(value - truth) <= limit + 1e-6, (metric, value, limit)
