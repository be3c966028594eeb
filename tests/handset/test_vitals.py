"""How a virtual handset is, in one round trip; and a screen that went dark lit again."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from framework.contract.capabilities import Target
from framework.handset.handset import OpenHandset, open_handset
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

LOOK_S = 0.1


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[OpenHandset, Control]]:
    with virtual_handsets([VirtualRequest("h", "xiaomi-13", speed=40)]) as started:
        endpoint = started.endpoint("h")
        with open_handset(Target("h", adbd=endpoint.adb)) as handset:
            yield handset, Control(endpoint.control)


def test_one_look_tells_all(opened: tuple[OpenHandset, Control]) -> None:
    """Android, room, battery, heat and screen, well below 100 ms: the best of five, for the machine may be busy."""
    handset, _ = opened
    took = []
    for _ in range(5):
        began = time.monotonic()
        vitals = handset.vitals()
        took.append(time.monotonic() - began)
    assert min(took) < LOOK_S
    assert (vitals.android.state, vitals.writable, vitals.awake, vitals.locked) == ("up", True, True, False)
    assert set(vitals.gauges) == {"battery", "battery_c", "free_mb", "skin_c", "thermal_status"}
    assert (vitals.charging, vitals.thermal_status) == (True, 0)


def test_what_is_wrong_shows(opened: tuple[OpenHandset, Control]) -> None:
    """A full storage, an empty battery, heat, and a system_server that is gone; the handset still answers."""
    handset, control = opened
    control.fault("storage_full", 1)
    control.fault("status", 6)
    handset.shell.script("dumpsys battery unplug; dumpsys battery set level 3")
    vitals = handset.vitals()
    assert vitals.free_mb is not None
    assert (round(vitals.free_mb), vitals.thermal_status, vitals.battery, vitals.charging) == (1, 6, 3, False)
    control.clear()
    control.fault("storage_full", 0)
    assert (handset.vitals().writable, handset.vitals().free_mb) == (False, 0)
    handset.shell.run("dumpsys", "battery", "reset")
    control.clear()
    control.fault("package_manager_dead")
    vitals = handset.vitals()
    assert (vitals.android.state, vitals.battery, vitals.awake, vitals.writable) == ("dead", None, None, True)
    control.clear()
    handset.await_android()


def test_a_screen_that_went_dark_is_lit_and_unlocked(opened: tuple[OpenHandset, Control]) -> None:
    """Somebody has pressed the power button; one that is lit already is left alone."""
    handset, _ = opened
    handset.shell.run("input", "keyevent", "SLEEP")
    vitals = handset.vitals()
    assert (vitals.awake, vitals.locked) == (False, True)
    for _ in range(2):
        handset.unlock()
        vitals = handset.vitals()
        assert (vitals.awake, vitals.locked) == (True, False)
