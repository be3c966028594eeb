"""Places in the pictures."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from framework.report.release.plots import DOTS, POINTS, drawn, scale, strip

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=120)


@given(VALUES)
def test_everything_stands_on_the_scale(values: list[float]) -> None:
    """Ends at round numbers, ticks in order, places between 0 and 100, as the values are ordered."""
    on = scale(values)
    assert on.low < on.high
    assert [tick.at for tick in on.ticks] == sorted({tick.at for tick in on.ticks})
    assert (on.ticks[0].at, on.ticks[-1].at, len(on.ticks) <= 12) == (0, 100, True)
    places = [on.at(value) for value in sorted(values)]
    assert all(0 <= before <= after <= 100 for before, after in pairwise((0, *places)))


def test_one_value_far_away_does_not_press_the_others_together() -> None:
    """It is said instead."""
    values = [100.0 + number for number in range(40)]
    on = scale([*values, 1e9])
    assert on.high < 1000
    assert strip([*values, 1e9], on).beyond == 1e9


def test_few_values_have_no_median_and_many_no_dots() -> None:
    """Four values are four dots; of more than DOTS only quantiles are drawn."""
    on = scale([0.0, 100.0])
    assert (strip([1.0, 2.0, 3.0, 4.0], on).median, len(strip([1.0, 2.0, 3.0, 4.0], on).dots)) == (None, 4)
    many = strip([float(value) for value in range(101)], on)
    assert (many.median, many.ends, many.box, many.dots, DOTS < 101) == (50, (5, 95), (25, 75), (), True)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=500))
def test_a_course_is_drawn_in_few_points(values: list[float]) -> None:
    """Within its frame; a long one lies in a band that holds its lowest and its highest value."""
    run = drawn(values, len(values), scale([0.0, 100.0]))
    corners = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", run.line)]
    assert len(corners) == min(len(values), POINTS)
    assert all(0 <= x <= 2000 and 0 <= y <= 100 for x, y in corners)
    rows = [float(row) for _, row in re.findall(r"([\d.]+) ([\d.]+)", run.band)]
    if run.band:
        assert (min(rows), max(rows)) == (round(100 - max(values), 1), round(100 - min(values), 1))
