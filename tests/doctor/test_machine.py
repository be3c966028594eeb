"""Facts about this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from framework.doctor import machine
from framework.doctor.machine import look

ADB = """#!/bin/sh
[ "$*" = version ] || exit 9
echo "Android Debug Bridge version 1.0.{protocol}"
echo "Version {release}"
"""


def put_adb(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / "adb"
    program.write_text(text)
    program.chmod(0o755)
    return program


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an adb server that does not run."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:{address}")
    return address


def test_this_machine(nowhere: str) -> None:
    """Packages as installed, the bundled adb, room, ports; no server is started by looking."""
    found = look("devices.yaml lists 1 handset", ["a fault"], phones=True)
    packages = {package.name.lower(): package for package in found.packages}
    assert packages["pytest"].fits
    assert packages["pytest"].installed == pytest.__version__
    assert "hypothesis" not in packages  # of the extra `dev`
    assert any(adb.path.endswith("adbutils/binaries/adb") and adb.protocol == 41 for adb in found.adbs)
    assert (found.server.address, found.server.protocol, found.server.taken) == (nowhere, None, False)
    assert min(room.free_bytes for room in found.rooms) > 0
    assert 0 <= found.free_ports <= 100
    assert (found.inventory, found.inventory_faults, found.phones) == (
        "devices.yaml lists 1 handset",
        ("a fault",),
        True,
    )


def test_adbs_of_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nowhere: str) -> None:
    """Each once, links followed; one that does not run is told apart; the SDK's counts, too."""
    old = put_adb(tmp_path / "old", ADB.format(protocol=39, release="28.0.1-x"))
    broken = put_adb(tmp_path / "broken", "not a program")
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "adb").symlink_to(old)
    (tmp_path / "sdk").mkdir()
    sdk = put_adb(tmp_path / "sdk" / "platform-tools", ADB.format(protocol=40, release="29"))
    path = os.pathsep.join([str(tmp_path / name) for name in ("old", "broken", "again", "absent")])
    monkeypatch.setenv("PATH", f"{path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("ANDROID_HOME", str(tmp_path / "sdk"))
    found = {adb.path: (adb.protocol, adb.release) for adb in look("", [], phones=False).adbs}
    assert found[str(old)] == (39, "28.0.1-x")
    assert found[str(broken)] == (None, "")
    assert found[str(sdk)] == (40, "29")
    assert len([path for path in found if path.startswith(str(tmp_path))]) == 3


def test_something_else_in_the_servers_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes connections and speaks another language."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.01)
        monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:127.0.0.1:{other.getsockname()[1]}")
        monkeypatch.setattr(machine, "SERVER_S", 0.3)
        server = look("", [], phones=False).server
    assert (server.protocol, server.taken) == (None, True)


@pytest.mark.foreign
def test_a_running_server(adb_server_address: str, bundled_adb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its protocol is found; ours leaves USB to others, so that its process does not count."""
    monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:{adb_server_address}")
    server = look("", [], phones=False).server
    assert (server.protocol, server.taken) == (41, False)
    assert os.path.realpath(bundled_adb) not in [path for path, _ in server.programs]


def test_a_server_that_takes_usb(nowhere: str) -> None:
    """Whoever runs it, it is found by how it was called."""
    command = ["adb", "-c", "input()", "fork-server", "server"]
    with subprocess.Popen(command, executable=sys.executable, stdin=subprocess.PIPE) as process:
        found = look("", [], phones=False).server.programs
        process.communicate(b"\n")
    assert process.pid in [pid for _, pid in found]
