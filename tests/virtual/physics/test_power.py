"""The battery as services read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import MakeBed


def test_units_and_signs(bed: MakeBed) -> None:
    """Microvolts, microamperes (positive while charging), microampere-hours, tenths of a degree."""
    handset = bed()
    reading = handset.physics.power.battery(handset.now_ns)
    assert (reading.status, reading.plugged, reading.usb_ua) == ("charging", True, 500_000)
    assert 3_300_000 < reading.voltage_uv < 4_500_000
    assert 0 < reading.current_ua < 600_000
    assert reading.capacity_uah == 4_500_000
    assert round(reading.charge_uah * 100 / reading.capacity_uah) == reading.level
    assert 240 < reading.temperature_dc < 330


def test_decoding_drains_the_battery_although_it_is_plugged_in(bed: MakeBed) -> None:
    """USB gives less than the work takes: the level falls within half an hour."""
    handset = bed()
    before = handset.physics.power.battery(handset.now_ns)
    with handset.physics.working("decode", 1):
        after = handset.physics.power.battery(handset.go(1800))
    assert after.level < before.level
    assert after.temperature_dc > before.temperature_dc + 50


def test_the_cable_can_be_taken_out(bed: MakeBed) -> None:
    """Unplugged, the battery gives all that is drawn, and says so."""
    handset = bed()
    handset.physics.power.plug(False)
    reading = handset.physics.power.battery(handset.go(1))
    assert (reading.status, reading.plugged, reading.usb_ua) == ("discharging", False, 0)
    drawn = -reading.current_ua / 1e6 * reading.voltage_uv / 1e6
    assert drawn == pytest.approx(handset.physics.power.drawn_w(handset.now_ns), rel=1e-4)
    handset.physics.power.plug(True)
    assert handset.physics.power.battery(handset.now_ns).status == "charging"
