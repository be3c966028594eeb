"""Charge, current and voltage."""

from __future__ import annotations

import pytest

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
