from __future__ import annotations

import pytest

from framework.trace.clocks import ClockWatch
from framework.trace.probes import battery
from framework.trace.probes.battery import BatteryReader
from framework.trace.probes.probe import Scene

IN_USE = "status Discharging\nlevel 81\nvoltage 3900000\ncurrent {current}\nplugged 0"


def values(text: str, reader: BatteryReader | None = None) -> dict[str, float]:
    points = (reader or BatteryReader())(7, text).points
    assert [at for at, _ in points] in ([7], [])
    return dict(points[0][1]) if points else {}


@pytest.mark.parametrize("current", ["-500000", "500000", "-500", "500"])
def test_power_is_told_alike_whatever_the_vendors_sign_and_unit(current: str) -> None:
    """µA or mA, negative or positive: the status says which way it flows, and no handset in use draws 0.5 mA."""
    told = values(IN_USE.format(current=current))
    assert told["battery_ma"] == pytest.approx(-500)
    assert told["power_mw"] == pytest.approx(1950)


def test_a_handset_that_has_shown_microamperes_stays_with_them() -> None:
    """A small current of such a handset is small: 4 mA, not 4 A."""
    reader = BatteryReader()
    values(IN_USE.format(current="-350000"), reader)
    assert values(IN_USE.format(current="-4000"), reader)["battery_ma"] == pytest.approx(-4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status Charging\nlevel 50\nvoltage 4100000\ncurrent -900000\nplugged 1", 900),
        ("status Not charging\nlevel 50\nvoltage 4100000\ncurrent -20000\nplugged 1", -20),
    ],
)
def test_there_is_no_power_while_a_charger_is_plugged_in(text: str, expected: float) -> None:
    """What is drawn from the battery tells nothing then; the current into it does, and it is positive."""
    told = values(text)
    assert "power_mw" not in told
    assert told["charging"] == 1.0
    assert told["battery_ma"] == pytest.approx(expected)


def test_what_no_battery_has_is_absent() -> None:
    """A voltage of 0, a level of 255, a current of 99 A: the sensor's words for "I do not know"."""
    assert values("status \nlevel 255\nvoltage 0\ncurrent 99000000000") == {}
    assert values("") == {}


def test_charging_is_not_guessed_where_no_charger_is_told_of() -> None:
    """Without any `online` file only the status Charging says that a charger is there; else it is open."""
    assert "charging" not in values("status Discharging\nlevel 5")
    assert values("status Charging\nlevel 5")["charging"] == 1.0


def test_values_that_somebody_set_by_hand_are_refused() -> None:
    """`dumpsys battery set` freezes what is reported."""
    read = battery.DUMP.reader(Scene("app", ClockWatch()))
    shown = "Current Battery Service state:\n  USB powered: true\n  level: 40\n  scale: 50\n  status: 3\n"
    assert dict(read(1, shown).points[0][1]) == {"charging": 1.0, "battery_level_pct": 80.0}
    frozen = shown.replace("state:", "state:\n  (UPDATES STOPPED -- use 'reset' to restart)")
    refused = read(2, frozen)
    assert refused.points == ()
    assert "dumpsys battery set" in (refused.refused or "")
