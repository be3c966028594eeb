"""When a handset will be cool: the prediction against curves that are known to the end."""

from __future__ import annotations

import random
from math import exp

import pytest

from framework.trace.cooling import ready_in_s
from framework.trace.start import WAIT_S

POLL_S = 2.0


def cooling(room: float, drop: float, tau: float, *, fast: float = 0.0) -> list[tuple[float, float]]:
    """Ten minutes of readings in steps of 0.1 °C with noise; `fast` °C more leave within a minute, as a die's do."""
    noise = random.Random(3)
    times = [step * POLL_S for step in range(300)]
    curve = [room + drop * exp(-at / tau) + fast * exp(-at / 25) for at in times]
    return [(at, round(value + noise.uniform(-0.1, 0.1), 1)) for at, value in zip(times, curve, strict=True)]


def truly_ready_s(readings: list[tuple[float, float]], limit: float) -> float:
    return next(at for at, value in readings if value < limit)


@pytest.mark.parametrize("fast", [0.0, 3.0])
@pytest.mark.parametrize(
    ("room", "drop", "tau", "limit"), [(25, 14, 300, 33), (22, 18, 400, 30), (30, 10, 200, 35), (24, 16, 150, 28)]
)
def test_the_prediction_comes_true(room: float, drop: float, tau: float, limit: float, fast: float) -> None:
    """Half-way to the limit it is right to within a third, whatever the room and the handset, and it gets better."""
    readings = cooling(room, drop, tau, fast=fast)
    ready = truly_ready_s(readings, limit)
    seen = [reading for reading in readings if reading[0] <= ready / 2]
    predicted = ready_in_s(seen, limit)
    assert predicted is not None
    assert abs(seen[-1][0] + predicted - ready) <= ready / 3
    late = ready_in_s([reading for reading in readings if reading[0] <= 0.9 * ready], limit)
    assert late is not None
    assert abs(0.9 * ready + late - ready) <= 0.15 * ready


def test_one_reading_is_enough_to_guess() -> None:
    """From 38 to 33 °C takes some minutes in a usual room; the first guess says so."""
    guess = ready_in_s([(0.0, 38.0)], 33.0)
    assert guess is not None
    assert 60 < guess < 400


def test_below_the_room_nothing_cools() -> None:
    """A limit under the room's temperature has no time, neither at first nor when the curve has flattened."""
    readings = cooling(28, 6, 120)
    assert ready_in_s(readings[:1], 20.0) is None
    assert ready_in_s(readings, 26.0) is None


def test_readings_that_do_not_move() -> None:
    """A sensor that stands still, or rises, gives no time within reach, and no error."""
    for slope in (0.0, 0.05):
        guess = ready_in_s([(at * 2.0, 40.0 + at * slope) for at in range(100)], 35.0)
        assert guess is None or guess > WAIT_S
