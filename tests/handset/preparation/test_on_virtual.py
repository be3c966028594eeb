"""A virtual handset's own lock screen and its restarts, whose makers know nothing of preparation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from support.waiting import until

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.handset import lease
from framework.handset.adbd import AdbdConnection
from framework.handset.handset import OpenHandset, open_handset
from framework.handset.preparation import screen
from framework.handset.shell import HandsetShell
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

PIN = "246802"
DEADLINE_S = 30.0


@pytest.fixture(scope="module")
def endpoint() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("pocket", "xiaomi-13", speed=20)]) as started:
        yield started.endpoint("pocket")


@pytest.fixture(scope="module")
def target(endpoint: VirtualEndpoint) -> Target:
    return Target("pocket", adbd=endpoint.adb)


@pytest.fixture
def asleep(target: Target, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenHandset]:
    monkeypatch.setattr(screen, "ASKS_S", 0.2)
    monkeypatch.setattr(screen, "LIT_S", 1.0)
    with open_handset(target) as handset:
        handset.shell.run("input", "keyevent", "SLEEP", check=True)
        yield handset
        handset.shell.script(f"locksettings clear --old {PIN}")


def seen(handset: OpenHandset) -> tuple[str, str]:
    """How awake it is, and whether its lock screen shows."""
    power = "dumpsys power | grep mWakefulness= | cut -d = -f 2"
    policy = "dumpsys window policy | grep -E '^ *showing=' | cut -d = -f 2"
    awake, locked = handset.shell.script(f"{power}; {policy}", check=True).text.split()
    return awake, locked


def test_a_swipe_lock_gives_way_and_comes_back(asleep: OpenHandset) -> None:
    """Lit and free for the run, dark and locked after it."""
    assert seen(asleep) == ("Asleep", "true")
    with asleep.lease("tests", "a lock", prepare=True):
        assert seen(asleep) == ("Awake", "false")
    assert seen(asleep) == ("Asleep", "true")


def test_a_pin_is_entered_where_it_is_known(
    asleep: OpenHandset, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the variable that the handset's entry names; without one, or with a wrong one, the lab has to act."""
    asleep.shell.run("locksettings", "set-pin", PIN, check=True)
    with pytest.raises(HandsetError, match=r"locked with a PIN, a pattern or a password .*pin_from: NAME"):
        asleep.lease("tests", "a lock", prepare=True)
    with open_handset(replace(target, pin_from="POCKET_PIN")) as handset:
        monkeypatch.setenv("POCKET_PIN", "135791")
        with pytest.raises(HandsetError, match="it did not take the PIN of POCKET_PIN"):
            handset.lease("tests", "a lock", timeout_s=5, prepare=True)
        monkeypatch.setenv("POCKET_PIN", PIN)
        with handset.lease("tests", "a lock", timeout_s=5, prepare=True) as held:
            assert seen(handset) == ("Awake", "false")
            assert held.prepared is not None
            assert [change.what for change in held.prepared.changes[-2:]] == ["screen", "screen lock"]
        assert seen(handset) == ("Asleep", "true")


def settings(handset: OpenHandset) -> str:
    return handset.shell.script("settings list system; settings list global", check=True).text


def test_a_restart_in_the_middle_of_a_run_leaves_nothing(endpoint: VirtualEndpoint, target: Target) -> None:
    """The shell that was to give everything back is gone with it: the next lease does, once Android is up."""
    control = Control(endpoint.control)
    with open_handset(target) as killed:
        found = settings(killed)
        killed.lease("tests", "a restart", prepare=True)
        assert settings(killed) != found
        control.fault("reboot", size=60)
    with closing(reached(endpoint)) as connection:
        shell = HandsetShell("pocket", connection)

        def booting() -> bool:
            return shell.run("settings", "get", "global", "zen_mode").exit != 0

        assert booting()
        with pytest.raises(HandsetError, match="what the run before has changed: is it still booting"):
            lease.take("pocket", shell, "tests", "too early", timeout_s=0, heartbeat_s=10, time_scale=20)
        until(lambda: not booting(), within_s=DEADLINE_S)
    with open_handset(target) as handset, handset.lease("tests", "after it") as held:
        assert (settings(handset), held.kept) == (found, [])
    control.clear()


def reached(endpoint: VirtualEndpoint) -> AdbdConnection:
    """As soon as its adbd takes connections, long before Android is up."""
    ends = time.monotonic() + DEADLINE_S
    while True:
        try:
            return AdbdConnection("pocket", endpoint.adb, DEADLINE_S)
        except HandsetError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.02)
