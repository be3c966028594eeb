"""Heat as services read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import MakeBed


def test_a_handset_starts_at_rest(bed: MakeBed) -> None:
    """A little above the air everywhere, and it stays there."""
    handset = bed()
    first = {node: handset.celsius(node) for node in ("die", "board", "skin", "battery")}
    handset.go(1800)
    for node, celsius in first.items():
        assert handset.celsius(node) == pytest.approx(celsius, abs=0.3)
        assert 24 < celsius < 32


def test_readings_and_notifications_name_the_same_sensors(bed: MakeBed) -> None:
    """One of each, in the profile's order."""
    handset = bed()
    thermal, now_ns = handset.physics.thermal, handset.now_ns
    names = [reading.sensor.name for reading in thermal.readings(now_ns)]
    assert names == [sensor.name for sensor in handset.profile.thermal.sensors]
    assert names == [reading.sensor.name for reading in thermal.notified(now_ns)]


def test_a_folded_handset_gets_warmer(bed: MakeBed) -> None:
    """The same work with less cooling."""
    skins = []
    for cooling in (1.0, 0.8):
        handset = bed("xiaomi-mix-fold-3")
        handset.physics.cool_by(cooling)
        with handset.physics.working("decode", 1):
            handset.go(900)
        skins.append(handset.celsius("skin"))
    assert skins[1] > skins[0] + 1
