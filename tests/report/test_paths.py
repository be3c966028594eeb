from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.journal.sampled import Point, thinned
from framework.report.paths import Style, highest, path, unbroken

MOST = 400
POINTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 200)), max_size=60).map(
    lambda points: tuple((at, float(value)) for at, value in sorted(dict(points).items()))
)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=3000))
def test_thinning_keeps_order_and_extremes(values: list[float]) -> None:
    """However many points there are, few are kept, in time order, with the lowest and the highest value."""
    points = tuple(enumerate(values))
    kept = list(thinned(points, MOST))
    assert kept == sorted(kept)
    assert len(kept) <= MOST + 2
    assert (min(v for _, v in kept), max(v for _, v in kept)) == (min(values), max(values))


def corners(d: str) -> list[tuple[int, int]]:
    """The places that a path goes through."""
    found: list[tuple[int, int]] = []
    x = y = 0
    for command, numbers in re.findall(r"([MlhvV])([^MlhvV]*)", d):
        first, *rest = (int(number) for number in re.findall(r"-?\d+", numbers))
        match command:
            case "M":
                x, y = first, *rest
            case "l":
                x, y = x + first, y + rest[0]
            case "h":
                x += first
            case "v":
                y += first
            case "V":
                y = first
        found.append((x, y))
    return found


@given(POINTS, st.sampled_from(["line", "steps", "bars"]))
def test_a_path_goes_through_every_point(points: tuple[Point, ...], style: Style) -> None:
    """Relative whole numbers add up to the places of all samples."""
    d = path(points, style, MOST, lambda at: at, lambda value: round(value), 200)
    assert {(at, round(value)) for at, value in points} <= set(corners(d))


def test_a_gap_is_not_drawn_over() -> None:
    """Where samples are missing the line ends, and begins again; a lonely sample is a dot."""
    points = ((0, 1.0), (1, 1.0), (2, 2.0), (20, 3.0), (21, 3.0), (50, 4.0))
    assert list(unbroken(points)) == [points[:3], points[3:5], points[5:]]
    d = path(points, "line", MOST, lambda at: at, lambda value: round(value), 9)
    assert d == "M0 1l1 0l1 1M20 3l1 0M50 4h0"


def test_states_hold_until_the_next_sample() -> None:
    """Steps go along, then up or down; nothing is written where nothing changes."""
    points = ((0, 5.0), (10, 5.0), (20, 2.0))
    assert path(points, "steps", MOST, lambda at: at, lambda value: round(value), 9) == "M0 5h10h10v-3"


@pytest.mark.parametrize(("most", "kept"), [(9, [(0, 7.0), (10, 3.0)]), (1, [(0, 7.0)])])
def test_bars_keep_the_highest(most: int, kept: list[Point]) -> None:
    """One a column of the picture, and of more than there is room for the highest ones."""
    assert highest(((0, 5.0), (1, 7.0), (10, 3.0)), most, lambda at: at // 5) == [
        (1, 7.0) if at == 0 else (at, value) for at, value in kept
    ]


def test_nothing_is_an_empty_path() -> None:
    """A series without samples draws nothing."""
    assert (list(unbroken(())), path((), "line", MOST, int, int, 0)) == ([], "")
