"""Gaps and changed processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from framework.contract.trace import Trace
from framework.verdict.validity.circumstances import Circumstances
from framework.verdict.validity.sampling import PROCESS_CHANGED, SAMPLING_GAP

EVERY_SECOND = [(float(second), 1.0) for second in range(30)]
FIVE_A_SECOND = [(tenth / 5, 1.0) for tenth in range(150)]


@pytest.mark.parametrize(
    ("points", "reasons"),
    [
        (EVERY_SECOND, []),
        ([point for point in EVERY_SECOND if not 12 < point[0] < 16], []),
        ([point for point in EVERY_SECOND if not 12 < point[0] < 17], ["no sample of rss_mb for 5.0 s in turn 1"]),
        ([point for point in FIVE_A_SECOND if not 12 < point[0] < 15], []),
        ([point for point in FIVE_A_SECOND if not 12 < point[0] < 15.2], ["no sample of rss_mb for 3.2 s in turn 1"]),
        ([point for point in EVERY_SECOND if not 21 < point[0] < 29], []),
        ([point for point in EVERY_SECOND if point[0] < 14], ["no sample of rss_mb for 7.0 s in turn 1"]),
        ([(float(second), 1.0) for second in range(0, 30, 4)], []),
        ([], ["no sample of rss_mb for 10.0 s in turn 1"]),
    ],
)
def test_a_gap(points: Sequence[tuple[float, float]], reasons: list[str], trace: Callable[..., Trace]) -> None:
    """Against the probe's own period, in a turn, also at its end; a series that is slow by design has none."""
    found = SAMPLING_GAP.doubts(trace({"rss_mb": points}), Circumstances())
    assert [doubt.reason for doubt in found] == reasons


@pytest.mark.parametrize(
    ("name", "end", "latency"), [("skin_c", 17, False), ("throttle", 15, False), ("throttle", 17, True)]
)
def test_what_a_gap_makes_worthless(name: str, end: float, latency: bool, trace: Callable[..., Trace]) -> None:
    """The metric itself; clocks that were not seen for long leave latencies unproven."""
    points = [point for point in FIVE_A_SECOND if not 11 < point[0] < end]
    (doubt,) = SAMPLING_GAP.doubts(trace({name: points}), Circumstances())
    assert (doubt.concerns(name), doubt.concerns("ttft_ms")) == (True, latency)


@pytest.mark.parametrize(("current", "reasons"), [(EVERY_SECOND, 0), (EVERY_SECOND[:14], 1)])
def test_power_pauses_while_a_charger_feeds(
    current: Sequence[tuple[float, float]], reasons: int, trace: Callable[..., Trace]
) -> None:
    """It has no value then; only where the battery was not read at all, a sample is missing."""
    recorded = trace({"power_mw": EVERY_SECOND[:12], "battery_ma": current})
    assert len(SAMPLING_GAP.doubts(recorded, Circumstances())) == reasons


@pytest.mark.parametrize("name", ["rss_peak_mb", "pss_mb"])
def test_series_that_may_pause(name: str, trace: Callable[..., Trace]) -> None:
    """Helper series, and what is read at checkpoints only."""
    assert SAMPLING_GAP.doubts(trace({name: [(0, 1)]}), Circumstances()) == ()


@pytest.mark.parametrize(
    ("pids", "reasons"),
    [
        ([(11, 4012), (19, 4012)], []),
        ([(5, 300), (11, 4012), (19, 4012), (25, 5000)], []),
        ([(11, 4012), (15, 4377), (19, 4377)], ["process changed: pid 4012, then 4377, 5.0 s in"]),
        ([(9, 300), (21, 5000)], []),
        ([], []),
    ],
)
def test_a_changed_process(
    pids: Sequence[tuple[float, float]], reasons: list[str], trace: Callable[..., Trace]
) -> None:
    """Samples of two processes are not one curve; restarts before and after the turns are allowed."""
    found = PROCESS_CHANGED.doubts(trace({"pid": pids}), Circumstances())
    assert [doubt.reason for doubt in found] == reasons
    assert all(doubt.concerns("anything") for doubt in found)


@pytest.mark.parametrize(("at", "count"), [(5, 0), (15, 1), (25, 0)])
def test_a_restart_of_the_handset(at: float, count: int, trace: Callable[..., Trace]) -> None:
    """A reboot among the turns, even where the pid came back the same."""
    recorded = trace({"pid": [(11, 7), (19, 7)]}, instants=[("reboot", "boot id changed", at)])
    assert len(PROCESS_CHANGED.doubts(recorded, Circumstances())) == count
