"""One handset, opened: everything against an emulated handset, by both transports."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from framework.contract.capabilities import Handset, LogStream, Target
from framework.contract.errors import AssistantError, HandsetError, UsageError
from framework.contract.marks import Marks
from framework.handset.adb_server import ServerClient
from framework.handset.clock import STEP_NS
from framework.handset.handset import OpenHandset, connect, open_handset
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

SPEED = 4.0


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """An emulated foldable whose time runs four times as fast."""
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3", speed=SPEED)]) as started:
        endpoint = started.endpoint("fold")
        yield Target("fold", adbd=endpoint.adb, appium_url=endpoint.appium, tags=("mine",))


@pytest.fixture(scope="module", params=["straight", pytest.param("through_server", marks=pytest.mark.foreign)])
def handset(target: Target, request: pytest.FixtureRequest) -> Iterator[OpenHandset]:
    if request.param == "through_server":
        server: str = request.getfixturevalue("adb_server")
        host, _, port = server.partition(":")
        assert "connected to" in ServerClient(host, int(port)).connect(target.adbd or "", timeout=10)
        target = replace(target, serial=target.adbd, adbd=None, adb_server=server)
    with open_handset(target) as opened:
        yield opened


def test_it_is_what_the_contract_says(handset: OpenHandset) -> None:
    """An opened handset offers every capability of the contract."""
    offered: Handset = handset
    assert offered.target.name == "fold"


def test_its_identity(handset: OpenHandset) -> None:
    """Read from the handset; name and tags are the target's."""
    found = handset.identity
    assert (found.name, found.tags, found.emulated, found.foldable) == ("fold", ("mine",), True, True)
    assert (found.manufacturer, found.model, found.soc) == ("Xiaomi", "Xiaomi MIX Fold 3", "SM8550")
    assert (found.android, found.sdk, found.ram_gb) == ("14", 34, 16.0)


def test_its_marks(handset: OpenHandset) -> None:
    """A hold in host time, though the handset's runs faster; with the lease in one question, and gone when released."""
    hold = handset.mark("hold", "a@b", "a look by hand", for_s=60)
    with handset.lease("a@b", "tests") as lease:
        told = handset.marks()
        assert told.hold is not None
        assert told.hold.left_s is not None
        assert told.lease is not None
        assert 30 < told.hold.left_s <= 60
        assert (told.hold.who, told.lease.counter, told.quarantine) == ("a@b", lease.counter, None)
    handset.unmark(hold)
    assert handset.marks() == Marks()


def test_its_shell(handset: OpenHandset) -> None:
    """Status, output and errors of a script."""
    result = handset.shell.script("for word in a b; do echo $word; done; echo no >&2; exit 7")
    assert (result.exit, result.text, result.stderr) == (7, "a\nb", b"no\n")


def test_its_lease(handset: OpenHandset) -> None:
    """Held by one at a time, by the handset's own lock; told to who asks."""
    with handset.lease("Jin", "tests", heartbeat_s=2) as held:
        told = handset.holder()
        assert told is not None
        assert (told.who, told.why, told.counter) == ("Jin", "tests", held.counter)
        with pytest.raises(HandsetError, match="fold: held by Jin since"):
            handset.lease("Mai", "more tests")
    handset.lease("Mai", "more tests", timeout_s=10).release()
    assert handset.holder() is None


def test_its_lease_lasts_by_heartbeats(handset: OpenHandset) -> None:
    """The heartbeat is host time: four times as fast a clock does not let go four times as early."""
    with handset.lease("Jin", "tests", heartbeat_s=0.5) as held:
        ends = time.monotonic() + 1.2
        while time.monotonic() < ends:
            assert held.held
            time.sleep(0.05)


def test_its_clock(handset: OpenHandset) -> None:
    """The fit maps host times onto the handset's uptime, within its bound and the uptime's own step."""
    fit = handset.clock()
    assert fit.scale == SPEED
    for _ in range(20):
        before = fit.device_ns(time.monotonic_ns())
        seconds = handset.shell.script("read -r up rest </proc/uptime; echo $up").text
        after = fit.device_ns(time.monotonic_ns())
        uptime_ns = int(seconds.replace(".", "")) * STEP_NS
        assert before - fit.bound_ns - STEP_NS <= uptime_ns <= after + fit.bound_ns


def test_its_posture(handset: OpenHandset) -> None:
    """It folds, its display follows, and a reset gives the hinge its word back."""
    sizes = {}
    for fold in ("closed", "half_open", "open"):
        handset.posture.fold(fold)
        assert handset.posture.current() == fold
        sizes[fold] = handset.shell.run("wm", "size").text
    assert sizes["closed"] != sizes["open"] == sizes["half_open"]
    handset.posture.reset()
    assert "Override" not in handset.shell.run("cmd", "device_state", "state").text


def test_its_log(handset: OpenHandset) -> None:
    """What is logged after `follow` has returned is seen, what was logged before is not."""
    handset.shell.run("log", "-t", "Mine", "before", check=True)
    with handset.log.follow("Mine") as followed:
        handset.shell.run("log", "-t", "Other", "passed over", check=True)
        handset.shell.run("log", "-p", "w", "-t", "Mine", "after: 天气", check=True)
        line = followed.read(5)
        assert line is not None
        assert (line.level, line.tag, line.message) == ("W", "Mine", "after: 天气")
        assert followed.read(0.1) is None
        assert b"after" in handset.log.dump(since_wall_ns=line.wall_ns - 10**9)


def test_its_apps(handset: OpenHandset) -> None:
    """System apps have versions and processes; what is not there is told in Android's words."""
    found = handset.packages.info("com.android.settings")
    assert found is not None
    assert found.version_name == "14"
    assert handset.packages.info("org.example.none") is None
    assert handset.packages.pid("system_server") is not None
    assert handset.packages.pid("org.example.none") is None
    with pytest.raises(AssistantError, match=r"does not exist"):
        handset.packages.start("org.example.none/.Main")


def test_its_screen(handset: OpenHandset) -> None:
    """A screenshot and the hierarchy come through the Appium client."""
    assert handset.ui.screenshot().startswith(b"\x89PNG")
    assert "<hierarchy" in handset.ui.source()


def test_a_vanished_handset_is_the_labs(target: Target) -> None:
    """When its process ends, whatever is asked is a HandsetError, and closing still closes everything."""
    before = threading.active_count()
    with virtual_handsets([VirtualRequest("gone", "xiaomi-13")]) as started:
        endpoint = started.endpoint("gone")
        gone = Target("gone", adbd=endpoint.adb, appium_url=endpoint.appium)
        with open_handset(gone) as handset, handset.lease("me", "x") as held, handset.log.follow() as followed:
            started.close()
            for ask in (handset.holder, handset.clock, handset.ui.source, handset.posture.current, handset.log.dump):
                with pytest.raises(HandsetError, match=r"^gone: "):
                    ask()
            with pytest.raises(HandsetError):
                _read_to_the_end(followed)
        assert not held.held
        with pytest.raises(HandsetError, match=r"^gone: no adbd answers"), open_handset(gone):
            pass
    assert [thread.name for thread in threading.enumerate()][before:] == []


def test_nothing_is_known_of_it() -> None:
    """Without an address or a serial there is no way to a handset."""
    with pytest.raises(UsageError, match="nowhere: give the address of its adbd, or its serial"):
        connect(Target("nowhere"), 1)


def test_both_ways_know_the_same_features(target: Target) -> None:
    """A connection tells what the handset's adbd can do."""
    with closing(connect(target, 10)) as connection:
        assert {"shell_v2", "cmd", "abb_exec", "stat_v2", "ls_v2"} <= connection.features


def _read_to_the_end(followed: LogStream) -> None:
    while followed.read(5) is not None:
        pass
