"""What use does to a build: slopes that are pointed out, and noise that is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.contract.course import Course
from framework.report.release.trends import LEAST_TURNS, against, parts, tau, trend

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200)


def course(values: list[float], metric: str = "rss_mb", begins: tuple[int, ...] = (0,)) -> Course:
    return Course("ten", "Mi 10", metric, tuple(values), begins)


LEAK = [1500.0 + 20 * turn for turn in range(20)]
HEAT = [30.0 + 0.3 * turn for turn in range(20)]
SLOWER = [20.0 - 0.2 * turn for turn in range(20)]
NOISE = [1500.0, 1700.0] * 10


@pytest.mark.parametrize(
    ("values", "metric", "kind"),
    [
        (LEAK, "rss_mb", "worse"),
        (LEAK[::-1], "rss_mb", "better"),
        (HEAT, "skin_c", "worse"),
        (SLOWER, "decode_tps", "worse"),
        (SLOWER[::-1], "decode_tps", "better"),
        (NOISE, "rss_mb", "steady"),
        ([1500.0 + turn for turn in range(20)], "rss_mb", "steady"),
        ([1500.0] * 20, "rss_mb", "steady"),
        (LEAK[: LEAST_TURNS - 1], "rss_mb", "short"),
    ],
    ids=["leak", "shrinks", "heats", "throttles", "warms up", "noise", "a little", "flat", "short"],
)
def test_the_kind_of_a_course(values: list[float], metric: str, kind: str) -> None:
    """By its direction and its size; a few turns have none."""
    assert trend(course(values, metric)).kind == kind


def test_from_where_to_where() -> None:
    """Medians of the first and the last fifth."""
    found = trend(course(LEAK))
    assert (found.first, found.last, found.turns, found.within) == (1530.0, 1850.0, 20, False)


def test_a_leak_within_conversations_that_begin_anew() -> None:
    """Memory that each conversation gives back grows within it all the same."""
    found = trend(course(LEAK[:10] * 6, begins=tuple(range(0, 60, 10))))
    assert (found.kind, found.within, found.first, found.last, found.turns) == ("worse", True, 1510.0, 1670.0, 10)


def test_what_the_baseline_does_too_is_usual() -> None:
    """Only where it does at least most of it, and where there is a baseline."""
    found = trend(course(HEAT, "skin_c"))
    assert against(found, HEAT).usual
    assert [against(found, before).usual for before in ((), HEAT[:3], [30.0] * 20, HEAT[::-1])] == [False] * 4
    little = [30.0 + 0.15 * turn for turn in range(20)]
    assert not against(found, little).usual


def test_one_outlier_is_no_trend() -> None:
    """A single high value at the end."""
    assert trend(course([*[1500.0] * 19, 9000.0])).kind == "steady"


@given(NUMBERS)
def test_tau_is_that_of_the_order(values: list[float]) -> None:
    """Between -1 and 1, turned around with its values, 1 where all rise."""
    assert -1 <= tau(values) <= 1
    assert tau(values[::-1]) == -tau(values)
    rising = sorted(set(values))
    assert tau(rising) == (1.0 if len(rising) > 1 else 0.0)


@given(NUMBERS, st.integers(1, 50))
def test_parts_are_few_and_within_the_values(values: list[float], most: int) -> None:
    """Never more than asked for; each between the lowest and the highest."""
    found = parts(values, most)
    assert len(found) == min(len(values), most)
    assert min(values) <= min(found) <= max(found) <= max(values)
