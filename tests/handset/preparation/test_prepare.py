"""Preparing and giving back, with a real mksh and toybox, on both transports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.furnished_phone import FOUND, Life
from support.waiting import until

from framework.contract.errors import HandsetError
from framework.contract.preparation import Refusal
from framework.handset import lease
from framework.handset.connection import Connection
from framework.handset.preparation import Pin, prepare, screen
from framework.handset.server import ServerConnection

DURING = {
    "global animator_duration_scale": "0",
    "global hide_error_dialogs": "1",
    "global low_power": "0",
    "global stay_on_while_plugged_in": "7",
    "global transition_animation_scale": "0",
    "global window_animation_scale": "0",
    "global zen_mode": "1",
    "system accelerometer_rotation": "0",
    "system font_scale": "1.0",
    "system screen_brightness": "1024",
    "system screen_brightness_mode": "0",
    "system screen_off_timeout": "1800000",
    "system user_rotation": "0",
}


def test_what_is_found_comes_back(either_life: Life) -> None:
    """For the time of the lease it is as the table says; before and after as it was found, what was not set too."""
    life = either_life
    for _ in range(2):
        with life.prepared() as held:
            assert life.settings == DURING
            assert held.prepared is not None
            told = {change.name: (change.found, change.now) for change in held.prepared.changes}
            assert told["global transition_animation_scale"] == ("0.5", "0")
            assert told["system user_rotation"] == (None, "0")
            assert "global window_animation_scale" not in told  # it was off
            assert life.left == ["found"]
        assert (life.settings, life.left, held.kept) == (FOUND, [], [])


def test_what_is_right_is_not_touched(life: Life) -> None:
    """Where nothing has to be set, nothing is noted and nothing given back."""
    with life.prepared():
        pass
    for name, value in DURING.items():
        life.be(f"settings/{name.replace(' ', '.', 1)}", value)
    with life.prepared() as held:
        assert held.prepared is not None
        assert (held.prepared.lines, life.left) == ((), [])


def test_a_lease_without_preparation_changes_nothing(life: Life) -> None:
    """And gives back all the same what a run before has left."""
    (life.phone.tmp / "pocketfarm").mkdir()
    (life.phone.tmp / "pocketfarm" / "found").write_text("put system font_scale 1.3\ndnd alarms\nrm -rf /\n")
    before = FOUND | {"system font_scale": "1.3", "global zen_mode": "3"}
    with lease.take("phone", life.shell, "me", "x", timeout_s=0, heartbeat_s=30, time_scale=1) as held:
        assert (life.settings, life.left, held.prepared) == (before, [], None)
    assert life.settings == before


def test_a_killed_host_leaves_nothing(
    either_life: Life, connection: Connection, request: pytest.FixtureRequest
) -> None:
    """kill -9 of the process that made it ready: the handset gives everything back by itself, screen included."""
    life = either_life
    through: list[str] = []
    if isinstance(connection, ServerConnection):
        through = [request.getfixturevalue("adb_server")]
    life.be("wakefulness", "Asleep")
    script = (
        "import sys, time\n"
        "from framework.handset import lease, preparation\n"
        "from framework.handset.adbd import AdbdConnection\n"
        "from framework.handset.server import ServerConnection\n"
        "from framework.handset.shell import HandsetShell\n"
        "phone, through = sys.argv[1], sys.argv[2:]\n"
        "straight = AdbdConnection('phone', phone, 10) if not through else None\n"
        "shell = HandsetShell('phone', straight or ServerConnection('phone', phone, through[0], 10))\n"
        "held = lease.take('phone', shell, 'it', 'x', timeout_s=0, heartbeat_s=60, time_scale=1,\n"
        "                  prepare=lambda ask: preparation.prepare('phone', ask))\n"
        "print(len(held.prepared.changes), flush=True)\n"
        "time.sleep(60)\n"
    )
    root = Path(lease.__file__).parents[2]
    command = [sys.executable, "-c", script, life.phone.address, *through]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(root)}) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"11\n"
        assert (life.settings, life.awake) == (DURING, True)
        holder.send_signal(signal.SIGKILL)
    until(lambda: not life.left)
    assert (life.settings, life.awake) == (FOUND, False)


def test_a_silent_host_leaves_nothing(either_life: Life) -> None:
    """Heartbeats stop, as when the host is powered off or its network cut: the same."""
    life = either_life
    held = lease.take(
        "phone",
        life.shell,
        "me",
        "x",
        timeout_s=0,
        heartbeat_s=1,
        time_scale=1,
        prepare=lambda ask: prepare("phone", ask),
    )
    held._ending.set()  # no more heartbeats, and nobody says that it ends
    until(lambda: not life.left)
    assert life.settings == FOUND
    held._stream.close()


def test_a_cut_connection_makes_it_ready_again(life: Life, restart: Callable[[], None]) -> None:
    """The handset gave everything back when the cable was cut; the lease that is taken again makes it ready again."""
    with life.prepared() as held:
        restart()
        until(lambda: held.counter == 2)
        assert held.held
        assert life.settings == DURING
    assert life.settings == FOUND


def test_what_is_refused_is_told_with_the_reason(life: Life) -> None:
    """A handset that does not let the shell write a setting is measured all the same; the rest is set."""
    life.be(
        "refused.screen_brightness", "\nException occurred\njava.lang.SecurityException: Permission denial: writing"
    )
    life.be("deaf.screen_off_timeout")
    with life.prepared() as held:
        assert held.prepared is not None
        told = {refusal.what: refusal.reason for refusal in held.prepared.refusals}
        assert told.keys() == {"brightness", "screen time-out in ms"}
        assert told["brightness"].startswith("java.lang.SecurityException: Permission denial: writing (on Xiaomi")
        assert told["screen time-out in ms"] == "it still is 60000, without a word why"
        expected = {"system screen_brightness": "1638", "system screen_off_timeout": "60000"}
        assert life.settings == DURING | expected
    assert life.settings == FOUND


def test_a_value_that_could_not_be_given_back_stays(life: Life) -> None:
    """What a line of the note cannot hold is left alone."""
    life.be("settings/system.user_rotation", "0 or 1; reboot")
    with life.prepared() as held:
        assert held.prepared is not None
        reason = "it is set to '0 or 1; reboot', which could not be given back"
        assert held.prepared.refusals == (Refusal("rotation", reason),)
        assert life.settings["system user_rotation"] == "0 or 1; reboot"


def test_what_spoils_the_measurement_is_the_labs(life: Life) -> None:
    """A battery saver that cannot be ended limits the clocks: HandsetError, and all the rest is given back."""
    life.be("settings/global.low_power", "1")
    life.be("refused.low_power", "java.lang.SecurityException: no")
    with pytest.raises(
        HandsetError, match=r"phone: battery saver cannot be set, and it limits the clocks: java.*by hand"
    ):
        life.take()
    until(lambda: not life.left)
    assert life.settings == FOUND | {"global low_power": "1"}


def test_what_is_not_taken_back_is_told(life: Life) -> None:
    """In the handset's own words."""
    with life.prepared() as held:
        life.be("refused.screen_off_timeout", "java.lang.SecurityException: not any more")
    assert held.kept == ["put system screen_off_timeout 60000: java.lang.SecurityException: not any more"]
    assert life.left == []


@pytest.mark.parametrize("asleep", [True, False])
def test_a_swipe_lock_gives_way(either_life: Life, asleep: bool) -> None:
    """Dark or lit, it is unlocked for the run and sleeps after it."""
    life = either_life
    life.be("locked")
    if asleep:
        life.be("wakefulness", "Asleep")
    with life.prepared():
        assert (life.awake, life.locked) == (True, False)
    assert not life.awake


def test_a_lock_with_a_pin_is_told_with_the_mend(life: Life) -> None:
    """It cannot be unlocked without one: nothing is changed, and the message names both ways out."""
    life.be("wakefulness", "Asleep")
    life.be("locked")
    life.be("pin", "2468")
    with pytest.raises(HandsetError, match=r"locked with a PIN.*None or Swipe.*pin_from: NAME"):
        life.take()
    until(lambda: not life.left)
    assert (life.settings, life.awake) == (FOUND, False)


@pytest.mark.parametrize(
    ("digits", "told"),
    [
        ("1111", "it did not take the PIN of BENCH_PIN"),
        (None, "the environment variable BENCH_PIN is not set"),
        ("1; reboot", "the environment variable BENCH_PIN holds no PIN"),
    ],
)
def test_a_wrong_pin_is_tried_once_and_never_shown(
    life: Life, digits: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handset that is asked too often locks itself."""
    monkeypatch.setattr(screen, "LIT_S", 0.5)
    monkeypatch.setattr(screen, "ASKS_S", 0.2)
    life.be("locked")
    life.be("pin", "2468")
    with pytest.raises(HandsetError, match=told) as caught:
        life.take(Pin("BENCH_PIN", digits))
    assert digits is None or digits not in str(caught.value)
    until(lambda: not life.left)
    pressed = life.root / "pressed"
    assert (pressed.read_text() if pressed.exists() else "").count("text") == (digits == "1111")


def test_the_right_pin_unlocks(life: Life) -> None:
    """The PIN reaches the handset's input and nothing else: not the note, nor what is told."""
    life.be("locked")
    life.be("pin", "2468")
    pin = Pin("BENCH_PIN", "2468")
    with life.prepared(pin) as held:
        assert not life.locked
        assert "2468" not in (life.phone.tmp / "pocketfarm" / "found").read_text()
        assert "2468" not in f"{held.prepared}{pin!r}"


def test_a_screen_that_stays_dark(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handset that lets the shell press no keys cannot be woken; the mend is a person's."""
    monkeypatch.setattr(screen, "LIT_S", 0.2)
    life.be("wakefulness", "Asleep")
    life.be("numb")
    with pytest.raises(HandsetError, match=r"its screen stays dark \(wake it by hand; on Xiaomi turn on"):
        life.take()


def test_without_room_for_the_note_nothing_is_changed(life: Life) -> None:
    """Nobody could give back what nobody has noted."""
    (life.phone.tmp / "pocketfarm" / "found.part").mkdir(parents=True)
    with pytest.raises(HandsetError, match="keeps no note of its settings, so none was changed"):
        life.take()
    assert life.settings == FOUND
