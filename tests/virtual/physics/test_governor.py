"""Throttling steps and operating points."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.physics.governor import (
    WINDOW_NS,
    Governor,
    ThermalEngine,
    frequencies_khz,
    idle_khz,
    limited_khz,
)
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
    assert shares(39.9, 40.0, 41.5, 43.0, 45.0) == [1.0, 0.88, 0.76, 0.64, 0.5]
    assert shares(46.0) == [0.5]


def test_limits_are_lifted_only_below_the_hysteresis() -> None:
    """2 K under the trip, one step at a time."""
    assert shares(41.5, 41.0, 39.6, 39.4, 37.9, 37.9) == [0.76, 0.76, 0.76, 0.88, 1.0, 1.0]


def test_a_hot_die_throttles_a_cool_handset() -> None:
    """The die's trips count as the skin's do."""
    engine = ThermalEngine(PROFILE.thermal)
    engine.update(30.0, 91.0)
    assert engine.clock_share == 0.76


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


SOC, SECOND = PROFILE.soc, 1_000_000_000
BIG_AND_PRIME, IDLE = range(3, 8), range(0)


def test_clocks_rise_within_tens_of_milliseconds_and_stay() -> None:
    """Window by window from the lowest to the nominal clock; the little cluster has nothing to do."""
    governor = Governor(SOC)
    governor.follow(BIG_AND_PRIME, SECOND)
    clocks = [governor.khz(7, 1.0, SECOND + ms * 1_000_000) or 0 for ms in range(0, 60, 2)]
    assert clocks == sorted(clocks)
    assert clocks[0] == 0
    assert set(clocks[12:]) == {PRIME.nominal_khz}
    assert len(set(clocks)) == 4
    assert governor.khz(0, 1.0, 2 * SECOND) is None


def test_clocks_fall_once_the_load_has_gone() -> None:
    """A pause shorter than a window changes nothing; a longer one costs part of the clock."""
    governor = Governor(SOC)
    governor.follow(BIG_AND_PRIME, 0)
    governor.follow(IDLE, SECOND)
    falling = [governor.khz(7, 1.0, SECOND + ms * 1_000_000) or 0 for ms in range(0, 60, 2)]
    assert falling == sorted(falling, reverse=True)
    assert (falling[3], falling[-1]) == (PRIME.nominal_khz, 0)
    governor.follow(BIG_AND_PRIME, SECOND + WINDOW_NS // 2)
    assert governor.khz(7, 1.0, SECOND + WINDOW_NS // 2) == PRIME.nominal_khz


def test_a_clock_is_never_above_the_limit() -> None:
    """At any level, under any limit, it is an operating point within `limited_khz`."""
    governor = Governor(SOC)
    governor.follow(BIG_AND_PRIME, 0)
    for limit in (1.0, 0.9, 0.68, 0.55, 0.3):
        for ms in range(0, 40, 4):
            khz = governor.khz(7, limit, ms * 1_000_000)
            assert khz is None or khz in frequencies_khz(PRIME)
            assert (khz or 0) <= limited_khz(PRIME, limit)
        assert governor.khz(7, limit, SECOND) == limited_khz(PRIME, limit)


@settings(max_examples=60, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 200), st.sampled_from([IDLE, range(7, 8), BIG_AND_PRIME])), max_size=8),
    looks=st.lists(st.integers(0, 300), max_size=12),
)
def test_looking_changes_nothing_and_edges_are_told(changes: list[tuple[int, range]], looks: list[int]) -> None:
    """However often clocks are read in between, they end alike; between two told changes they stand still."""
    ms = 1_000_000
    watched, alone = Governor(SOC), Governor(SOC)
    for governor in (watched, alone):
        at = 0
        for gap, busy in changes:
            at += gap * ms
            governor.follow(busy, at)
            for look in looks if governor is watched else []:
                governor.share(BIG_AND_PRIME, 1.0, at + look * ms)
    assert [watched.khz(7, 1.0, at + n * ms) for n in range(80)] == [alone.khz(7, 1.0, at + n * ms) for n in range(80)]
    now = at
    while (edge := watched.next_change(now)) is not None:
        assert edge > now
        assert {watched.khz(7, 1.0, moment) for moment in (now, (now + edge) // 2, edge - 1)} == {
            watched.khz(7, 1.0, now)
        }
        now = edge
    assert watched.khz(7, 1.0, now) == watched.khz(7, 1.0, now + SECOND)
