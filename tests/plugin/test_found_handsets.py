"""Runs on handsets that no file lists, and on emulators that are started for the run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.adb_servers import TheirServer
from support.emulators import install

from framework.handset.adb_server import connect_handset
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from conftest import Project
    from framework.handset.appium.install import Installation

pytestmark = pytest.mark.foreign

ROOT = Path(__file__).parents[2]


def handsets(project: Project) -> set[str]:
    """Names of those that tests ran on."""
    return {record["unit"]["handset"]["name"] for record in project.journal() if record["kind"] == "UnitStarted"}


def test_what_is_plugged_in_needs_no_file(
    project: Project, appium: Installation, bundled_adb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--handset any` finds what the local adb server has, and calls it by its model."""
    (project.folder / "devices.yaml").unlink()
    project.scenario("by_hand")
    server = TheirServer(bundled_adb, Path.home())
    server.start()
    try:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", server.address.rpartition(":")[2])
        with virtual_handsets([VirtualRequest("plugged", "xiaomi-12", speed=20)]) as started:
            connect_handset("plugged", server.address, started.endpoint("plugged").adb)
            run = project.run("--handset", "any", "suites")
        assert (run.exit, handsets(project)) == (0, {"xiaomi-12"}), run.out
        assert server.pid is not None
    finally:
        server.kill()


def test_an_emulator_is_started_for_the_run(
    project: Project, appium: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through an adb server of ours, with Appium; it is told that it starts, and nothing of it is left."""
    install(tmp_path / "sdk")
    monkeypatch.setenv("ANDROID_HOME", str(tmp_path / "sdk"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    project.write("devices.yaml", "handsets:\n  - {name: avd-fold, kind: avd, avd: Pixel_Fold_API_34}\n")
    project.scenario("by_hand")
    run = project.run("suites")
    assert (run.exit, handsets(project)) == (0, {"avd-fold"}), run.out
    assert "avd-fold: starting the AVD Pixel_Fold_API_34" in run.out
    left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if str(tmp_path / "sdk").encode() in read(path)]
    assert left == []


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
