"""An Appium server of our own, and its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support import waiting

from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.appium import server as module
from framework.handset.appium.install import Installation
from framework.handset.appium.probe import look_at
from framework.handset.appium.server import AppiumServer
from framework.tools.node import Node

ROOT = Path(module.__file__).parents[3]

DEADLINE_S = 30.0
until = partial(waiting.until, within_s=DEADLINE_S)


def silent(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) != 0


@pytest.mark.foreign
def test_it_answers_and_ends(appium: Installation, bundled_adb: str, tmp_path: Path) -> None:
    """Appium with its driver, on loopback, inside the block; it is gone after it, and its log is left."""
    log = tmp_path / "appium.log"
    with AppiumServer(appium, Path(bundled_adb), log) as server:
        url = server.url()
        assert url.startswith("http://127.0.0.1:")
        assert look_at(url).told == f"Appium 3.8.0 at {url}"
    assert silent(url)
    said = log.read_text()
    assert "uiautomator2@8.7.0 (automationName 'UiAutomator2')" in said
    assert "Appium HTTP server has been successfully closed" in said


HOLD = """
import sys, time
from pathlib import Path
from framework.handset.appium.install import obtain
from framework.handset.appium.server import AppiumServer
with AppiumServer(obtain(), Path(sys.argv[1]), Path(sys.argv[2])) as server:
    print(server.url(), flush=True)
    time.sleep(60)
"""


@pytest.mark.foreign
def test_it_ends_with_its_killed_owner(appium: Installation, bundled_adb: str, tmp_path: Path) -> None:
    """kill -9 of the process that owns it ends it too, in its own way: it closes its sessions first."""
    command = [sys.executable, "-c", HOLD, bundled_adb, str(tmp_path / "appium.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as owner:
        assert owner.stdout is not None
        url = owner.stdout.readline().decode().strip()
        assert not silent(url)
        owner.send_signal(signal.SIGKILL)
    until(lambda: silent(url))
    until(lambda: "no active sessions for cleanup" in (tmp_path / "appium.log").read_text())


@pytest.mark.foreign
def test_it_is_started_again(appium: Installation, bundled_adb: str, tmp_path: Path) -> None:
    """Node.js is killed, as the kernel does where memory is short: soon another answers in the same place."""
    with AppiumServer(appium, Path(bundled_adb), tmp_path / "appium.log") as server:
        url = server.url()
        supervisor = server._process.pid
        (node,) = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
        os.kill(int(node), signal.SIGKILL)
        until(lambda: silent(url))
        until(lambda: not silent(url))
        assert look_at(url).told == f"Appium 3.8.0 at {url}"
    assert silent(url)


def stand_in(folder: Path, script: str) -> Installation:
    """An installation whose Node.js is a shell script."""
    node = folder / "node"
    node.write_text(f"#!/bin/sh\n{script}\n")
    node.chmod(0o755)
    return Installation(folder, Node(node, "24.0.0", ()), "3.8.0", "8.7.0")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_one_that_ends_at_once(tmp_path: Path, cache: Path) -> None:
    """It is tried on other ports, too, and then told with its last words and where its log is."""
    log = tmp_path / "appium.log"
    with (
        pytest.raises(HandsetError, match=r"our Appium server ended at once: Error: no such module") as caught,
        AppiumServer(stand_in(tmp_path, "echo; echo 'Error: no such module' >&2; exit 1"), Path("adb"), log) as server,
    ):
        server.url()
    assert caught.value.mend == f"see {log}"
    assert log.read_text().count("Error") == 3


def test_one_that_never_answers(tmp_path: Path, cache: Path) -> None:
    """It costs no more than the deadline, and is ended."""
    installation = stand_in(tmp_path, f"echo $$ >{tmp_path}/pid; exec sleep 60")
    with (
        pytest.raises(DeadlineError, match=r"starting our Appium server: not done within 0\.6 s"),
        AppiumServer(installation, Path("adb"), tmp_path / "appium.log") as server,
    ):
        server.url(timeout_s=0.6)
    pid = int((tmp_path / "pid").read_text())
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_what_it_is_given(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its home, an SDK with nothing but the adb, no other adb server by the environment, and no proxy on loopback."""
    monkeypatch.setenv("ADB_SERVER_SOCKET", "tcp:elsewhere:1")
    monkeypatch.setenv("ANDROID_SDK_ROOT", "/opt/sdk")
    monkeypatch.setenv("NO_PROXY", "example.org")
    adb = tmp_path / "adb"
    adb.touch()
    told = tmp_path / "told"
    printing = "import json, os, sys; json.dump([sys.argv[1:], dict(os.environ)], sys.stdout)"
    installation = stand_in(
        tmp_path, f"{sys.executable} -c '{printing}' \"$@\" >{told}.new && mv {told}.new {told}; sleep 60"
    )
    with AppiumServer(installation, adb, tmp_path / "appium.log"):
        until(told.exists)
    arguments, environment = json.loads(told.read_text())
    assert arguments[:4] == [str(tmp_path / "node_modules/appium/index.js"), "server", "--address", "127.0.0.1"]
    assert environment["APPIUM_HOME"] == str(tmp_path)
    assert [path.name for path in Path(environment["ANDROID_HOME"]).iterdir()] == ["platform-tools"]
    assert Path(environment["ANDROID_HOME"], "platform-tools/adb").resolve() == adb
    assert {"ADB_SERVER_SOCKET", "ANDROID_SDK_ROOT"} & environment.keys() == set()
    assert environment["NO_PROXY"] == "example.org,127.0.0.1,localhost"
