"""Throttling steps and operating points."""

from __future__ import annotations

import pytest

from framework.virtual.physics.governor import ThermalEngine, frequencies_khz, idle_khz, limited_khz
from framework.virtual.profiles import load_profile

PROFILE = load_profile("xiaomi-13")
PRIME = PROFILE.soc.clusters[-1]


def shares(*skin_c: float) -> list[float]:
    """What the engine allows after each of these skin temperatures."""
    engine, found = ThermalEngine(PROFILE.thermal), []
    for celsius in skin_c:
        engine.update(celsius, 50.0)
        found.append(engine.clock_share)
    return found


def test_each_trip_limits_further() -> None:
    """The profile's steps, one by one and in one jump."""
    assert shares(39.9, 40.0, 41.5, 43.0, 45.0) == [1.0, 0.9, 0.8, 0.68, 0.55]
    assert shares(46.0) == [0.55]


def test_limits_are_lifted_only_below_the_hysteresis() -> None:
    """1.5 K under the trip, one step at a time."""
    assert shares(41.5, 41.0, 40.1, 39.9, 38.4, 38.4) == [0.8, 0.8, 0.8, 0.9, 1.0, 1.0]


def test_a_hot_die_throttles_a_cool_handset() -> None:
    """The die's trips count as the skin's do."""
    engine = ThermalEngine(PROFILE.thermal)
    engine.update(30.0, 91.0)
    assert engine.clock_share == 0.8


def test_operating_points_end_at_the_nominal_clock() -> None:
    """Ascending, from the lowest to the nominal clock."""
    points = frequencies_khz(PRIME)
    assert (points[0], points[-1]) == (PRIME.min_khz, PRIME.nominal_khz)
    assert list(points) == sorted(set(points))


@pytest.mark.parametrize("share", [1.0, 0.9, 0.55, 0.01])
def test_a_limit_is_an_operating_point_within_it(share: float) -> None:
    """Never above the limit, unless even the lowest point is."""
    limit = limited_khz(PRIME, share)
    assert limit in frequencies_khz(PRIME)
    assert limit <= max(PRIME.nominal_khz * share, PRIME.min_khz)


def test_idle_clocks_are_low_and_the_same_in_a_cluster() -> None:
    """CPUs of one policy share a clock; it hops among the lowest four points."""
    soc = PROFILE.soc
    assert {idle_khz(soc, cpu, 7) for cpu in (3, 4, 5, 6)} == {idle_khz(soc, 3, 7)}
    hops = {idle_khz(soc, 7, moment) for moment in range(200)}
    assert hops <= set(frequencies_khz(PRIME)[:4])
    assert len(hops) > 1
