"""A virtual handset's own lock screen, whose makers know nothing of preparation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.handset.handset import OpenHandset, open_handset
from framework.handset.preparation import screen
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

PIN = "246802"


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with virtual_handsets([VirtualRequest("pocket", "xiaomi-13", speed=20)]) as started:
        yield Target("pocket", adbd=started.endpoint("pocket").adb)


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
