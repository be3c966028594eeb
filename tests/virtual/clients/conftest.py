"""Foreign clients, each with a Python of its own, that drive a fresh virtual handset through a real adb server."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from framework.formats.demonstration import PACKAGE, Demonstration
from framework.formats.scaled_model import ScaledModel
from framework.handset.own_server import own_server
from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

HERE = Path(__file__).parent
ENVIRONMENTS = Path(__file__).parents[3] / ".ci/foreign"
DEADLINE_S = 60
PROFILE = "xiaomi-11"
"""Shell may read its thermal zones."""

ACTIVITY = f"{PACKAGE}/.ConversationActivity"
MODEL = ScaledModel("Compact 1.3B", "1.3B", 24, 2048, 6144, 16, 4, 64000, 4096, Fraction(3, 32))


@dataclass(frozen=True)
class Client:
    """A foreign client's own Python, connected to one handset by an adb server that is ours."""

    python: Path
    environment: dict[str, str]
    endpoint: VirtualEndpoint
    folder: Path

    @property
    def serial(self) -> str:
        return self.endpoint.adb

    def run(self, script: str, *args: str) -> Any:
        """What a script beside this file prints last, read as JSON."""
        command = [self.python, HERE / script, self.serial, *args]
        ran = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=DEADLINE_S
        )
        assert ran.returncode == 0, f"{ran.stdout[-3000:]}\n{ran.stderr[-6000:]}"
        return json.loads(ran.stdout.splitlines()[-1])

    def adb(self, *args: str, stdin: bytes = b"") -> str:
        """What adb prints about the handset; both outputs where it fails."""
        command = ["adb", "-s", self.serial, *args]
        ran = subprocess.run(command, env=self.environment, input=stdin, capture_output=True, timeout=DEADLINE_S)
        return (ran.stdout if ran.returncode == 0 else ran.stdout + ran.stderr).decode()

    @property
    def control(self) -> Control:
        return Control(self.endpoint.control, self.endpoint.name)


Environment = Callable[[str], AbstractContextManager[Client]]


@pytest.fixture(scope="session")
def client(bundled_adb: str, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """client(NAME): the client of that folder under .ci/foreign, and a handset that has just booted."""

    @contextmanager
    def started(name: str) -> Iterator[Client]:
        python = ENVIRONMENTS / name / ".venv/bin/python"
        if not python.exists():
            pytest.skip(f"no environment for {name}: .ci/run makes it, from {python.parents[2]}/requirements.txt")
        folder = tmp_path_factory.mktemp(name)
        (folder / "bin").mkdir()
        (folder / "bin/adb").symlink_to(bundled_adb)
        request = VirtualRequest("phone", PROFILE, seed=7)
        with virtual_handsets([request]) as handsets, own_server(bundled_adb, usb=False) as address:
            environment = _environment(folder, address)
            made = Client(python, environment, handsets.endpoint("phone"), folder)
            assert (
                "connected to"
                in subprocess.run(
                    ["adb", "connect", made.serial], env=environment, capture_output=True, text=True, timeout=DEADLINE_S
                ).stdout
            )
            yield made

    return started


def _environment(folder: Path, server: str) -> dict[str, str]:
    """Ours, but for where adb and its server are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ADB_", "ANDROID_", "PYTHON"))}
    host, port = server.split(":")
    return {
        **kept,
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "HOME": str(folder),
        "ANDROID_ADB_SERVER_ADDRESS": host,
        "ANDROID_ADB_SERVER_PORT": port,
    }


@pytest.fixture(scope="session")
def assistant_apk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The demonstration assistant and its weights."""
    folder = tmp_path_factory.mktemp("assistant")
    apk, weights = folder / "assistant.apk", folder / "model.gguf"
    Demonstration("Assistant", 1, "1.0", MODEL).write(apk, weights)
    return apk, weights
