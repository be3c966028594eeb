"""Charge, current and voltage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.physics.battery import Battery
from framework.virtual.profiles import load_profile

FACTS = load_profile("xiaomi-13").battery


def battery(drawn_w: float = 0.8) -> Battery:
    return Battery(FACTS, 0, drawn_w)


def test_usb_charges_at_rest_and_not_under_load() -> None:
    """2.5 W from a computer are more than a handset needs at rest and less than decoding takes."""
    assert (battery(0.8).status, battery(6.0).status) == ("charging", "discharging")
    assert battery(0.8).current_ma > 0 > battery(6.0).current_ma


def test_an_hour_at_its_current_moves_that_charge() -> None:
    """Coulombs are counted."""
    cell = battery(6.0)
    before, current = cell.charge_mah, cell.current_ma
    for _ in range(3600):
        cell.step(1.0)
    assert before - cell.charge_mah == pytest.approx(-current, rel=0.05)


def test_a_full_battery_takes_no_more() -> None:
    """Status full, no current in, level 100."""
    cell = battery()
    cell.charge_mah = float(FACTS.capacity_mah)
    assert (cell.status, cell.current_ma, cell.level) == ("full", 0.0, 100)


def test_unplugged_it_discharges() -> None:
    """Without USB everything comes out of the battery."""
    cell = battery()
    cell.plugged = False
    assert cell.status == "discharging"
    assert cell.current_ma == pytest.approx(-0.8 / 4 * 1000, rel=0.15)


def test_voltage_falls_with_charge_and_with_current() -> None:
    """A rest voltage that rises with the charge, less what the resistance takes."""
    cell = battery(6.0)
    loaded = cell.voltage_mv
    cell.drawn_w = 0.8
    assert loaded < cell.voltage_mv
    resting = cell.voltage_mv
    cell.charge_mah = 0.2 * FACTS.capacity_mah
    assert cell.voltage_mv < resting
    assert 3300 < cell.voltage_mv < 4500


def test_work_warms_the_battery_itself() -> None:
    """Two watts more through 80 mΩ are some milliwatts of heat; charging loses more."""
    assert 0 < battery(6.0).heat_w() < 0.2
    assert battery(0.8).heat_w() > battery(2.4).heat_w()


@settings(max_examples=50, deadline=None)
@given(drawn_w=st.floats(0.3, 15), share=st.floats(0.05, 0.98), plugged=st.booleans())
def test_power_at_the_terminals_is_what_is_drawn(drawn_w: float, share: float, plugged: bool) -> None:
    """Voltage times current: drawn less what the port gives, to a ten thousandth of a watt."""
    cell = battery(drawn_w)
    cell.plugged, cell.charge_mah = plugged, share * FACTS.capacity_mah
    watts = cell.current_ma / 1000 * cell.voltage_mv / 1000
    assert watts == pytest.approx((2.5 if plugged else 0.0) - drawn_w, abs=1e-4)


def test_energy_is_power_times_time() -> None:
    """Ten minutes at 6 W, read every second as a fuel gauge is, are 3600 J; the charge is what the current moved."""
    cell, joules, moved = battery(6.0), 0.0, 0.0
    cell.plugged = False
    before = cell.charge_mah
    for _ in range(600):
        joules -= cell.current_ma / 1000 * cell.voltage_mv / 1000
        moved += cell.current_ma / 3600
        cell.step(1.0)
    assert joules == pytest.approx(3600, rel=1e-6)
    assert cell.charge_mah - before == pytest.approx(moved, rel=1e-9)
