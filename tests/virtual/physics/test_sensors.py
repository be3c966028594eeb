"""What the sensors show of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.physics.network import ThermalNetwork
from framework.virtual.physics.sensors import NOISE_C, Sensors
from framework.virtual.profiles import load_profile

if TYPE_CHECKING:
    from conftest import MakeBed

THERMAL = load_profile("xiaomi-13").thermal


def sensors_at(**celsius: float) -> tuple[Sensors, ThermalNetwork]:
    network = ThermalNetwork(THERMAL, 0)
    network.celsius.update(celsius)
    return Sensors(THERMAL, 0, network), network


def test_readings_are_near_the_truth_and_in_steps() -> None:
    """Noise of at most the sensor's, values that are multiples of its step."""
    sensors, network = sensors_at(die=60.0, skin=35.4321, battery=33.0)
    for moment in range(50):
        for reading in sensors.read(moment, moment):
            truth = network.celsius[reading.sensor.node] + reading.sensor.offset_c
            assert abs(reading.celsius - truth) <= NOISE_C + reading.sensor.step_c
            steps = reading.celsius / reading.sensor.step_c
            assert steps == pytest.approx(round(steps), abs=1e-6)


def test_a_moment_reads_the_same_twice_and_the_next_differs() -> None:
    """Noise belongs to the moment, not to the reader: a frozen sensor can be told from a live one."""
    sensors, _ = sensors_at(skin=35.0)
    assert sensors.read(7, 7) == sensors.read(7, 7)
    assert len({sensors.read(moment, moment)[0].celsius for moment in range(20)}) > 3


@pytest.mark.parametrize(("skin_c", "status"), [(40.9, 0), (41.0, 1), (43.2, 2), (45.0, 3), (58.0, 6)])
def test_status_is_the_highest_threshold_reached(skin_c: float, status: int) -> None:
    """By the skin sensor's thresholds, where index 0 means nothing."""
    sensors, _ = sensors_at(skin=skin_c)
    sensors.update(0, 0)
    assert sensors.status == status


def test_status_falls_only_below_the_hysteresis() -> None:
    """One kelvin under the threshold."""
    sensors, network = sensors_at(skin=43.0)
    found = []
    for celsius in (43.0, 42.1, 41.9, 40.1, 39.9):
        network.celsius["skin"] = celsius
        sensors.update(0, 0)
        found.append(sensors.status)
    assert found == [2, 2, 1, 1, 0]


def test_listeners_hear_only_of_changes_of_severity() -> None:
    """The values last notified stay as they were while temperatures move: they are stale."""
    sensors, network = sensors_at(skin=30.0)
    network.celsius["skin"] = 37.0
    sensors.update(1, 1)
    assert sensors.notified["skin"].celsius == pytest.approx(30.0, abs=0.2)
    network.celsius["skin"] = 41.5
    sensors.update(2, 2)
    assert sensors.notified["skin"].celsius == pytest.approx(41.5, abs=0.2)
    assert sensors.notified["skin"].severity == 1


def test_throttling_can_begin_before_the_status_says_so(bed: MakeBed) -> None:
    """As on phones: clocks are limited at a skin of 40 °C, thermal status 1 begins at 41."""
    handset = bed("xiaomi-12")
    with handset.physics.working("decode", 1):
        now_ns = handset.go(0)
        while handset.physics.thermal.throttling_level(now_ns) == 0:
            now_ns = handset.go(10)
        assert handset.physics.thermal.status(now_ns) == 0


def test_one_handset_keeps_saying_0_while_its_clocks_are_clipped(bed: MakeBed) -> None:
    """The 8 Gen 1: clocks are limited and the skin is hot, the thermal status and every severity stay 0."""
    handset = bed("xiaomi-12")
    thermal = handset.physics.thermal
    thermal.heat_to(47.0)
    with handset.physics.working("decode", 1):
        now_ns = handset.go(5)
    assert handset.physics.cpus.max_khz(7, now_ns) < 0.7 * handset.profile.soc.clusters[-1].nominal_khz
    assert (thermal.throttling_level(now_ns), thermal.status(now_ns)) == (4, 0)
    assert {reading.severity for reading in thermal.readings(now_ns)} == {0}


def test_absent_sensors_show_their_sentinels(bed: MakeBed) -> None:
    """0.0 and -99.9, without noise, whatever the heat."""
    handset = bed("xiaomi-11")
    handset.physics.thermal.heat_to(45.0)
    shown = {reading.sensor.name: reading.celsius for reading in handset.physics.thermal.readings(handset.go(60))}
    assert (shown["SUBBAT"], shown["USB"], shown["PA"]) == (0.0, -99.9, -99.9)
    assert shown["skin"] > 30


def test_one_handset_shifts_its_types(bed: MakeBed) -> None:
    """Skin is 4 and CPU 1 there, 3 and 0 elsewhere; the names are the same."""
    types = {
        profile: {reading.sensor.name: reading.sensor.type for reading in bed(profile).physics.thermal.readings(0)}
        for profile in ("xiaomi-10", "xiaomi-13")
    }
    assert types["xiaomi-10"] == {name: number + 1 for name, number in types["xiaomi-13"].items()}
