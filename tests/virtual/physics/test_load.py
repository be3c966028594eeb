"""Work under way: power and CPUs."""

from __future__ import annotations

import pytest

from framework.virtual.physics.load import Load
from framework.virtual.profiles import load_profile

PROFILE = load_profile("xiaomi-13")


def test_power_follows_the_square_of_the_clocks() -> None:
    """Half the clock is a quarter of the power."""
    load = Load(PROFILE, 0)
    load.begin("decode", 1)
    assert load.work_watts(0.5) == pytest.approx(load.work_watts(1.0) / 4)


def test_units_differ_by_a_few_percent() -> None:
    """The same work draws a little more or less on each handset of a model."""
    watts = []
    for seed in range(30):
        load = Load(PROFILE, seed)
        load.begin("decode", 1)
        watts.append(load.work_watts(1.0))
    assert all(each == pytest.approx(PROFILE.power_w.decode, rel=0.05) for each in watts)
    assert len(set(watts)) > 20


def test_threads_fill_the_fastest_cpus_first() -> None:
    """From the last CPU down, at most all of them."""
    load = Load(PROFILE, 0)
    assert list(load.busy_cpus()) == []
    first = load.begin("listen", 1)
    assert list(load.busy_cpus()) == [7]
    load.begin("decode", 1)
    load.begin("prefill", 2)
    assert list(load.busy_cpus()) == list(range(8))
    load.end(first)
    assert first not in load.works
