"""Heat as services read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bed, MakeBed


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
            handset.go(400)
        skins.append(handset.celsius("skin"))
    assert skins[1] > skins[0] + 1


def test_a_distorted_sensor_shows_what_it_is_told(bed: MakeBed) -> None:
    """Frozen, then sign-flipped, then honest again; the other sensors and the true heat know nothing of it."""
    handset = bed()
    thermal = handset.physics.thermal
    frozen = shown(handset, "skin")
    thermal.distort("skin", lambda celsius, now_ns: frozen)
    with handset.physics.working("decode", 1):
        handset.go(300)
        assert shown(handset, "skin") == frozen
        assert handset.celsius("skin") > frozen + 3
        thermal.distort("skin", lambda celsius, now_ns: 2 * frozen - celsius)
        assert shown(handset, "skin") < frozen - 3
        thermal.distort("skin", None)
        assert shown(handset, "skin") == pytest.approx(handset.celsius("skin"), abs=0.2)
    with pytest.raises(KeyError):
        thermal.distort("nose", None)


def test_the_status_knows_no_more_than_the_sensor(bed: MakeBed) -> None:
    """A skin sensor stuck at 30 °C keeps the thermal status at 0 however hot the handset is."""
    handset = bed()
    handset.physics.thermal.distort("skin", lambda celsius, now_ns: 30.0)
    handset.physics.thermal.heat_to(46.0)
    assert handset.physics.thermal.status(handset.go(1)) == 0
    handset.physics.thermal.distort("skin", None)
    assert handset.physics.thermal.status(handset.go(1)) == 3


def test_a_handset_that_lay_in_the_sun_cools_down(bed: MakeBed) -> None:
    """All nodes at that temperature at once; back to rest within the hour."""
    handset = bed()
    rest = handset.celsius("skin")
    handset.physics.thermal.heat_to(44.0)
    assert {handset.celsius(node) for node in ("die", "board", "skin", "battery")} == {44.0}
    handset.go(3600)
    assert handset.celsius("skin") == pytest.approx(rest, abs=0.5)


def test_a_warm_room_warms_the_handset_by_as_much(bed: MakeBed) -> None:
    """Ten kelvin more around it are ten more everywhere, in the end."""
    handset = bed()
    rest = handset.celsius("die")
    handset.physics.thermal.ambient_c += 10
    handset.go(7200)
    assert handset.celsius("die") == pytest.approx(rest + 10, abs=0.3)


def shown(handset: Bed, name: str) -> float:
    readings = handset.physics.thermal.readings(handset.now_ns)
    return next(reading.celsius for reading in readings if reading.sensor.name == name)
