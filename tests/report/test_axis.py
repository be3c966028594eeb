from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.report.axis import COLUMNS, MOST_TICKS, Axis, clock

S = 1_000_000_000
TIMES = st.integers(0, 10**15)


@given(TIMES, st.integers(0, 10**15), TIMES)
def test_every_time_has_its_place(start: int, length: int, at: int) -> None:
    """From 0 to 100 percent, in order; what lies outside stands at the nearer end."""
    axis = Axis(start, start + length)
    assert 0 <= axis.percent(at) <= 100
    assert 0 <= axis.column(at) <= COLUMNS
    assert (axis.column(start), axis.column(start + max(length, 1))) == (0, COLUMNS if length else 0)


@given(st.integers(0, 5 * 86400 * S))
def test_an_axis_has_few_round_ticks(length: int) -> None:
    """However long the recording, there are at most ten, the first at its start, none twice."""
    ticks = Axis(7, 7 + length).ticks()
    assert (ticks[0].at, ticks[0].label) == (0, "0 s")
    assert len({tick.label for tick in ticks}) == len(ticks) <= MOST_TICKS + 1


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (4.25, "4.25 s"), (61.5, "61.5 s"), (125, "2:05"), (7384, "2:03:04")]
)
def test_times_read_as_people_write_them(seconds: float, text: str) -> None:
    """Seconds, then minutes and seconds, then hours."""
    assert clock(seconds) == text
