"""The real adb clients, 36 and the distribution's, when a handset disconnects, restarts, or is frozen."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest

from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import AdbTool

pytestmark = pytest.mark.foreign

DEADLINE_S = 40


@pytest.fixture(params=["adbutils", "distribution"])
def adb(
    request: pytest.FixtureRequest,
    adb_server: Callable[[str, Path], AbstractContextManager[AdbTool]],
    tmp_path: Path,
) -> Iterator[AdbTool]:
    path = request.getfixturevalue("bundled_adb") if request.param == "adbutils" else shutil.which("adb")
    if path is None:
        pytest.skip("adb is not in PATH")
    with adb_server(path, tmp_path) as tool:
        yield tool


@pytest.fixture(scope="module")
def endpoint() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3", speed=20)]) as started:
        yield started.endpoint("fold")


def ask(adb: AdbTool, endpoint: VirtualEndpoint, script: str) -> str | None:
    """What a shell command prints; None while adb has no device."""
    done = adb.run("-s", endpoint.adb, "shell", script)
    return done.stdout.decode().strip() if done.returncode == 0 else None


def until_answered(adb: AdbTool, endpoint: VirtualEndpoint, script: str) -> str:
    """Connect anew, as often as it takes, until the handset answers; adb 29 by itself takes 10 s for it."""
    deadline = time.monotonic() + DEADLINE_S
    while (answer := ask(adb, endpoint, script)) is None:
        assert time.monotonic() < deadline, "the handset is not back"
        adb.run("disconnect", endpoint.adb)
        adb.run("connect", endpoint.adb)
        time.sleep(0.05)
    return answer


def test_a_disconnect_ends_what_runs_and_a_new_connection_is_taken(adb: AdbTool, endpoint: VirtualEndpoint) -> None:
    """A shell that reads the log ends; adb connects again, to the same boot."""
    boot_id = until_answered(adb, endpoint, "cat /proc/sys/kernel/random/boot_id")
    follower = adb.start("-s", endpoint.adb, "shell", "echo ready; sleep 1000000")
    assert follower.stdout is not None
    assert follower.stdout.readline() == b"ready\n"
    Control(endpoint.control).fault("adbd_restart")
    follower.communicate(timeout=DEADLINE_S)
    assert until_answered(adb, endpoint, "cat /proc/sys/kernel/random/boot_id") == boot_id


def test_while_it_is_away_nobody_gets_in(adb: AdbTool, endpoint: VirtualEndpoint) -> None:
    """`adb connect` fails for as long as was said, then not any more."""
    until_answered(adb, endpoint, "true")
    control = Control(endpoint.control)
    number = control.fault("adbd_restart", 60)
    assert ask(adb, endpoint, "true") is None
    until_answered(adb, endpoint, "true")
    (told,) = [each for each in control.faults() if each["id"] == number]
    assert told["end_ns"] - told["begin_ns"] == 60_000_000_000


@pytest.mark.parametrize("state", ["offline", "unauthorized"])
def test_adb_names_the_state(adb: AdbTool, endpoint: VirtualEndpoint, state: str) -> None:
    """`adb devices` shows it while it lasts, and a device again afterwards."""
    until_answered(adb, endpoint, "true")
    control, deadline = Control(endpoint.control), time.monotonic() + DEADLINE_S
    control.fault(state)
    connecting = [adb.start("connect", endpoint.adb)]
    while f"{endpoint.adb}\t{state}" not in adb.run("devices").stdout.decode():
        assert time.monotonic() < deadline, adb.run("devices").stdout
        time.sleep(0.05)
    control.clear()
    until_answered(adb, endpoint, "true")
    connecting[0].communicate(timeout=DEADLINE_S)


def test_a_restart_is_seen_as_one(adb: AdbTool, endpoint: VirtualEndpoint) -> None:
    """The connection breaks; afterwards another boot_id, a small up-time, and the files that were pushed."""
    before = until_answered(adb, endpoint, "echo kept >/data/local/tmp/kept; cat /proc/sys/kernel/random/boot_id")
    Control(endpoint.control).fault("reboot", 10)
    deadline = time.monotonic() + DEADLINE_S
    script = "cat /proc/sys/kernel/random/boot_id /data/local/tmp/kept; read up _ </proc/uptime; echo ${up%.*}"
    while (answer := until_answered(adb, endpoint, script)).startswith(before):
        assert time.monotonic() < deadline, "the handset did not restart"
    _, kept, up = answer.split()
    assert (kept, int(up) < 600) == ("kept", True)
    while until_answered(adb, endpoint, "getprop sys.boot_completed") != "1":
        assert time.monotonic() < deadline, "Android is not up"


def test_frozen_processes_answer_late(adb: AdbTool, endpoint: VirtualEndpoint) -> None:
    """A shell command waits until they are thawed, and nothing is lost."""
    until_answered(adb, endpoint, "true")
    control = Control(endpoint.control)
    number = control.fault("stall_sampler", 20)
    since_s = float(str(ask(adb, endpoint, "read up _ </proc/uptime; echo $up")))
    (told,) = [each for each in control.faults() if each["id"] == number]
    assert since_s >= told["begin_ns"] // 10**7 / 100 + 19.9
