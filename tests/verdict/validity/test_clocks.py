"""Clipped clocks, and a thermal status that contradicts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.clocks import CLIPPED, CLIPPED_CLOCK, THERMAL_STATUS

Points = Sequence[tuple[float, float]]
JUST = 1 - CLIPPED.value + 0.001
FULL: Points = [(9, 1), (15, 1), (21, 1)]


@pytest.mark.parametrize(
    ("limit", "reasons"),
    [
        (FULL, []),
        ([(9, JUST), (15, JUST), (21, JUST)], []),
        ([(12, 1), (15, 0.72), (18, 1)], ["clocks limited to 72% of nominal in turn 1, 1 of 3 samples"]),
        ([(9, 0.5), (15, 1), (21, 0.5)], []),
        ([(9, 0.5), (21, 0.5)], ["clocks limited to 50% of nominal in turn 1, 2 of 2 samples"]),
        ([], []),
    ],
)
def test_clipped_in_a_turn(limit: Points, reasons: list[str], trace: Callable[..., Trace]) -> None:
    """Beyond the threshold, inside a turn; a turn shorter than the sampling is judged by its neighbours."""
    recorded = trace({"clock_limit": limit} if limit else {})
    assert [doubt.reason for doubt in CLIPPED_CLOCK.doubts(recorded, Circumstances())] == reasons


def test_who_measures_throttling_has_clipped_clocks(trace: Callable[..., Trace]) -> None:
    """A budget for `throttle` asks how slow the handset gets: then it is no doubt."""
    recorded = trace({"clock_limit": [(15, 0.6)]})
    assert CLIPPED_CLOCK.doubts(recorded, Circumstances(asked=frozenset({"throttle"}))) == ()


@pytest.mark.parametrize(
    ("limit", "status", "reasons"),
    [
        (FULL, [(9, 0), (21, 0)], []),
        (FULL, [(9, 1), (21, 1)], []),
        (FULL, [(9, 2), (21, 2)], ["thermal status 2 without any clipped clock in turn 1"]),
        (FULL, [(9, 0), (15, 3), (21, 3)], []),
        ([(9, 0.8), (15, 0.8), (21, 0.8)], [(9, 2), (21, 2)], []),
        (
            [(9, 0.8), (15, 0.8), (21, 0.8)],
            [(9, 0), (21, 0)],
            ["clocks limited to 80% of nominal under thermal status 0 in turn 1"],
        ),
        ([(9, 0.8), (15, 0.8), (21, 0.8)], [(9, 0), (16, 1)], []),
        ([(9, 0.8), (15, 0.8), (21, 0.8)], [], []),
        ([], [(9, 4)], []),
    ],
)
def test_status_and_clocks(limit: Points, status: Points, reasons: list[str], trace: Callable[..., Trace]) -> None:
    """Both ways; the status lags, so its readings around the turn are looked at; what is not told is not doubted."""
    given = {"clock_limit": limit, "thermal_status": status}
    recorded = trace({name: points for name, points in given.items() if points})
    assert [doubt.reason for doubt in THERMAL_STATUS.doubts(recorded, Circumstances())] == reasons


@pytest.mark.parametrize(("skin", "doubted"), [(30.0, True), (38.0, False)])
def test_a_warm_handset_may_throttle_silently_where_that_is_measured(
    skin: float, doubted: bool, trace: Callable[..., Trace]
) -> None:
    """Handsets that always say 0 can be measured under throttling, unless they are too cool for it."""
    recorded = trace({"clock_limit": [(15, 0.6)], "thermal_status": [(15, 0)], "skin_c": [(15, skin)]})
    assert bool(THERMAL_STATUS.doubts(recorded, Circumstances(asked=frozenset({"throttle"})))) is doubted
