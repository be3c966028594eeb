"""Rules that say why a recording cannot be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from framework.contract.events import AssistantEvent
from framework.contract.trace import Trace
from framework.verdict import validity

MS = 1_000_000
EVERY_SECOND = [(float(second), 1.0) for second in range(30)]


def told(first_ms: float, last_ms: float, count: int) -> list[AssistantEvent]:
    return [
        AssistantEvent(1, "first_token", int(first_ms * MS), {"n": 1}),
        AssistantEvent(1, "token", int(last_ms * MS), {"n": count}),
    ]


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([(0, 5), (9, 5), (21, 5)], None),
        ([(0, 0), (5, 80), (9, 80), (21, 80), (29, 90)], None),
        ([(0, 0), (9, 80), (21, 380)], "emulator late: it gave up 300 ms in turn 1"),
        ([(0, 0), (12, 0), (14, 40)], "emulator late: it gave up 40 ms in turn 1"),
        ([], None),
    ],
)
def test_a_late_emulator(
    points: Sequence[tuple[float, float]], reason: str | None, trace: Callable[..., Trace]
) -> None:
    """Only what is given up in a turn counts; phones have no such series."""
    assert validity.emulator_late(trace({"emulator_slipped_ms": points} if points else {})) == reason


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        (told(100, 1100, 21), None),
        (told(100, 110, 21), "impossible rate: 20 tokens in 10 ms in turn 1"),
        (told(100, 100, 2), "impossible rate: 1 tokens in 0 ms in turn 1"),
        (told(100, 100, 1), None),
        ([], None),
    ],
)
def test_an_impossible_rate(events: list[AssistantEvent], reason: str | None, trace: Callable[..., Trace]) -> None:
    """Faster than any memory, down to tokens at the same instant; one token has no rate."""
    assert validity.impossible_rate(trace(events=events)) == reason


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (EVERY_SECOND, None),
        ([point for point in EVERY_SECOND if not 12 < point[0] < 17], None),
        ([point for point in EVERY_SECOND if not 12 < point[0] < 18], "no sample of rss_mb for 6.0 s in turn 1"),
        ([point for point in EVERY_SECOND if not 21 < point[0] < 29], None),
        ([point for point in EVERY_SECOND if point[0] < 14], "no sample of rss_mb for 7.0 s in turn 1"),
        ([(float(second), 1.0) for second in range(0, 30, 4)], None),
        ([], "no sample of rss_mb for 10.0 s in turn 1"),
    ],
)
def test_a_sampling_gap(points: Sequence[tuple[float, float]], reason: str | None, trace: Callable[..., Trace]) -> None:
    """A gap in a turn, also at its end; a series that is slow by design has none, and between turns none matters."""
    assert validity.sampling_gap(trace({"rss_mb": points})) == reason


def test_series_that_are_no_metrics_may_pause(trace: Callable[..., Trace]) -> None:
    """What no budget can name, such as a helper series, does not spoil a measurement."""
    assert validity.sampling_gap(trace({"rss_peak_mb": [(0, 1)]})) is None


@pytest.mark.parametrize(
    ("throttle", "status", "reason"),
    [
        ([(15, 0)], [(9, 0), (21, 0)], None),
        ([(15, 1)], [(9, 0), (21, 0)], "clock limited without thermal stress in turn 1"),
        ([(15, 1)], [(9, 2), (21, 2)], None),
        ([(15, 1)], [(9, 0), (16, 1)], None),
        ([(15, 1)], [], "clock limited without thermal stress in turn 1"),
        ([(5, 1), (25, 1)], [(9, 0)], None),
    ],
)
def test_a_clipped_clock(
    throttle: Sequence[tuple[float, float]],
    status: Sequence[tuple[float, float]],
    reason: str | None,
    trace: Callable[..., Trace],
) -> None:
    """Throttling that the handset admits is the product's; a limit without a reason is not. Status lags, so both
    readings around a sample are looked at."""
    series = {"throttle": throttle} | ({"thermal_status": status} if status else {})
    assert validity.clipped_clock(trace(series)) == reason


@pytest.mark.parametrize(
    ("pids", "reason"),
    [
        ([(11, 4012), (19, 4012)], None),
        ([(5, 300), (11, 4012), (19, 4012), (25, 5000)], None),
        ([(11, 4012), (15, 4377), (19, 4377)], "process changed: pid 4012, then 4377"),
        ([], None),
    ],
)
def test_a_changed_process(
    pids: Sequence[tuple[float, float]], reason: str | None, trace: Callable[..., Trace]
) -> None:
    """Samples of two processes are not one curve; restarts before and after the turns are allowed."""
    assert validity.process_changed(trace({"pid": pids})) == reason


def test_all_rules_are_asked(trace: Callable[..., Trace]) -> None:
    """Reasons come in the order of the table; a clean trace has none; without turns nothing is doubted."""
    bad = {"emulator_slipped_ms": [(9, 0), (21, 10)], "pid": [(11, 1), (12, 2)]}
    assert validity.doubts(trace(bad)) == (
        "emulator late: it gave up 10 ms in turn 1",
        "process changed: pid 1, then 2",
    )
    assert validity.doubts(trace({"rss_mb": EVERY_SECOND})) == ()
    assert validity.doubts(trace(bad, turns=())) == ()
