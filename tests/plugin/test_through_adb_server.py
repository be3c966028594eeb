"""A run on a handset of somebody's adb server, whose screen Appium drives through that same server."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.adb_servers import TheirServer

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.handset.adb_server import connect_handset, seen_handsets
from framework.handset.appium.server import AppiumServer
from framework.handset.ui import HandsetUi
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from conftest import Project
    from framework.handset.appium.install import Installation

pytestmark = pytest.mark.foreign

STARTED_WITHIN_S = 60.0
ENDS_WITHIN_S = 90.0
AWAY_S = 0.5
SCENARIO = """
scenario: by hand
repeat: %d
steps:
  - text: What is twelve times seven?
    via: ui
    expect: {contains: "84"}
"""


@pytest.fixture(scope="module")
def serial() -> Iterator[str]:
    """Of a virtual handset that is connected to the server below."""
    with virtual_handsets([VirtualRequest("bench", "xiaomi-12", speed=20)]) as started:
        yield started.endpoint("bench").adb


@pytest.fixture
def theirs(
    serial: str, project: Project, bundled_adb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TheirServer]:
    """Debian's adb server (29), or adbutils' where there is none, that has the handset; Appium's adb is 36."""
    server = TheirServer(shutil.which("adb", path="/usr/bin") or bundled_adb, Path.home())
    server.start()
    connect_handset("bench", server.address, serial)
    project.write(
        "devices.yaml", f'handsets:\n  - {{name: bench, kind: usb, serial: "{serial}", adb: "{server.address}"}}\n'
    )
    yield server
    server.kill()


def run(project: Project, repeat: int, when: Callable[[], None]) -> tuple[int, str]:
    """Exit status and output of a run, in the middle of which something happens."""
    project.scenario("by_hand", SCENARIO % repeat)
    with (project.folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(project.command("suites"), cwd=project.folder, stdout=out, stderr=subprocess.STDOUT)
        try:
            ends = time.monotonic() + STARTED_WITHIN_S
            while repetitions(project) < 2:
                assert (process.poll(), time.monotonic() < ends) == (None, True), "it did not begin"
                time.sleep(0.05)
            when()
            status = process.wait(ENDS_WITHIN_S)
        finally:
            process.kill()
            process.wait()
    return status, (project.folder / "out.txt").read_text()


def repetitions(project: Project) -> int:
    try:
        return sum(record["kind"] == "RepetitionFinished" for record in project.journal())
    except (OSError, ValueError):
        return 0


def test_a_server_that_is_killed_and_restarted(project: Project, theirs: TheirServer, appium: Installation) -> None:
    """The run goes on: what was cut is measured again, nothing is the build's fault, the server is still theirs."""

    def restart() -> None:
        theirs.kill()
        starting = threading.Timer(AWAY_S, theirs.start)
        starting.start()
        starting.join()

    status, out = run(project, 4, restart)
    assert (status, "1 PASS" in out) == (0, True), out
    assert theirs.pid is not None
    assert theirs.run("forward", "--list").strip() == ""


def drive(ui: HandsetUi) -> None:
    """Until it fails."""
    ends = time.monotonic() + STARTED_WITHIN_S
    while ui.source():
        assert time.monotonic() < ends, "it goes on without an adb server"


def test_nobody_starts_a_server_in_its_place(
    serial: str, theirs: TheirServer, appium: Installation, bundled_adb: str, tmp_path: Path
) -> None:
    """Appium's adb would, for a server that is gone; the handset's screen is then a matter of the lab, soon."""
    with AppiumServer(appium, Path(bundled_adb), tmp_path / "appium.log") as server:
        ui = HandsetUi(Target("bench", serial=serial, adb_server=theirs.address, appium_url=server.url()))
        assert "hierarchy" in ui.source()
        theirs.kill()
        with pytest.raises(HandsetError, match=r"its UI does not answer|no adb server answers"):
            drive(ui)
        with pytest.raises(HandsetError, match=f"no adb server answers at {theirs.address}"):
            ui.screenshot()
        ui.close()
    with pytest.raises(HandsetError, match="no adb server answers"):
        seen_handsets(theirs.address)
