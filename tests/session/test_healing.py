"""Bringing a handset back between two repetitions, with a handset that answers as a script says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.contract.vitals import AndroidState
from framework.handset.handset import open_handset
from framework.handset.ladder import Mends, link_of
from framework.handset.states import said_by_server
from framework.session.healing import heal
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

UP = AndroidState("boot-1", "1254", completed=True, missing=())
STARTING = AndroidState("boot-2", "", completed=False, missing=("activity", "package", "window"))
DEAD = replace(STARTING, boot_id="boot-1", completed=True)
GONE = HandsetError("h", "no adbd answers at 127.0.0.1:5")
DENIED = HandsetError("h", "unauthorized", "accept this computer's key", "unauthorized")


class Scripted:
    """Answers one thing after the other, the last one for ever."""

    def __init__(self, answers: Sequence[AndroidState | HandsetError], *, emulated: bool, may_reboot: bool) -> None:
        self._answers: Iterator[AndroidState | HandsetError] = iter(answers)
        self._last: AndroidState | HandsetError = answers[-1]
        self.identity = SimpleNamespace(name="h", emulated=emulated)
        self.target = Target("h", adbd="127.0.0.1:5", may_reboot=may_reboot)
        self.mends = Mends()
        self.time_scale = 1.0
        self.reboots = 0

    def android(self) -> AndroidState:
        answer = next(self._answers, self._last)
        if isinstance(answer, HandsetError):
            raise answer
        return answer

    def reboot(self) -> None:
        self.reboots += 1
        self._answers, self._last = iter(()), UP


def healed(
    *answers: AndroidState | HandsetError, emulated: bool = True, may_reboot: bool = False
) -> tuple[list[str], int]:
    """The rungs that were climbed, and how often it was restarted."""
    handset = Scripted(answers, emulated=emulated, may_reboot=may_reboot)
    heal(handset, 0.002)  # type: ignore[arg-type]
    return [line.partition(":")[0] for line in handset.mends.since(0)], handset.reboots


@pytest.mark.parametrize(
    ("answers", "emulated", "rungs", "reboots"),
    [
        ([UP], True, [], 0),
        ([GONE, GONE, UP], True, ["reconnect"], 0),
        ([GONE, STARTING, STARTING, UP], False, ["reconnect", "wait for Android"], 0),
        ([STARTING, UP], False, ["wait for Android"], 0),
        ([DEAD], True, ["wait for Android", "reboot"], 1),
    ],
)
def test_it_comes_back(
    answers: list[AndroidState | HandsetError], emulated: bool, rungs: list[str], reboots: int
) -> None:
    """By as few rungs as it takes."""
    assert healed(*answers, emulated=emulated) == (rungs, reboots)


@pytest.mark.parametrize(
    ("answers", "may_reboot", "said"),
    [
        ([GONE], True, "h: no adbd answers at 127.0.0.1:5"),
        ([DENIED], True, r"h: unauthorized .accept this computer's key."),
        ([DEAD], False, r"h: Android is dead: activity, package, window not found .restart it"),
        ([STARTING], False, r"h: Android is starting: .* not found .restart it"),
    ],
)
def test_it_does_not(answers: list[AndroidState | HandsetError], may_reboot: bool, said: str) -> None:
    """What is wrong with which handset, and what to do; a phone is restarted where that is allowed only."""
    with pytest.raises(HandsetError, match=said):
        healed(*answers, emulated=False, may_reboot=may_reboot)


def test_a_phone_is_restarted_where_that_is_allowed() -> None:
    """`reboot: true` in devices.yaml."""
    assert healed(DEAD, emulated=False, may_reboot=True) == (["wait for Android", "reboot"], 1)


def test_an_emulated_handset_whose_system_server_is_gone_is_restarted() -> None:
    """Waited for first; then the ladder's last rung, after which it is up in another boot."""
    with virtual_handsets([VirtualRequest("dead", "xiaomi-13", speed=40)]) as started:
        endpoint = started.endpoint("dead")
        with open_handset(Target("dead", adbd=endpoint.adb)) as handset:
            before = handset.android()
            Control(endpoint.control).fault("package_manager_dead")
            heal(handset, 0.05)
            assert (handset.android().state, handset.android().boot_id == before.boot_id) == ("up", False)
            rungs = [line.partition(": ")[0] for line in handset.mends.since(0)]
    assert rungs == ["wait for Android", "reconnect", "reboot"]


def test_the_state_of_the_link_is_in_the_error() -> None:
    """As an adb server says it in words, once; what only looks like one is none."""
    told = {
        "device unauthorized.": "unauthorized",
        "failed to authenticate to 10.0.0.7:5555": "unauthorized",
        "device offline": "offline",
        "device 'x' not found": "lost",
    }
    assert {what: link_of(said_by_server("h", what)) for what in told} == told
    assert link_of(HandsetError("h", "`cat /data/local/tmp/offline.txt` broke off: device offline")) == "lost"
