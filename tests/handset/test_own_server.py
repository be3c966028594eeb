"""An adb server of our own, and its end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.waiting import until

from framework.contract.errors import HandsetError
from framework.handset import own_server as module
from framework.handset.adb_server import seen_handsets
from framework.handset.own_server import own_server

ROOT = Path(module.__file__).parents[2]


def silent(address: str) -> bool:
    host, _, port = address.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


def programs_of(parent: int) -> list[int]:
    """Process ids of the children of a process."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """adb makes its key here."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.foreign
def test_it_answers_and_ends() -> None:
    """A server runs inside the block, on a port of its own, and is gone after it."""
    with own_server(usb=False) as address:
        assert seen_handsets(address) == ()
        assert not address.endswith(":5037")
    assert silent(address)


HOLD = (
    "import sys, time\n"
    "from framework.handset.own_server import own_server\n"
    "with own_server(usb=False) as address:\n"
    "    print(address, flush=True)\n"
    "    time.sleep(60)\n"
)


@pytest.mark.foreign
def test_it_ends_with_its_killed_owner() -> None:
    """kill -9 of the process that owns it ends the server too."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, env=environment) as owner:
        assert owner.stdout is not None
        address = owner.stdout.readline().decode().strip()
        assert not silent(address)
        owner.send_signal(signal.SIGKILL)
    until(lambda: silent(address))


@pytest.mark.foreign
def test_it_ends_with_its_killed_supervisor() -> None:
    """Nor does it outlive the process between."""
    others = programs_of(os.getpid())
    with own_server() as address:
        (supervisor,) = [pid for pid in programs_of(os.getpid()) if pid not in others]
        os.kill(supervisor, signal.SIGKILL)
        until(lambda: silent(address))


def test_what_is_no_adb() -> None:
    """A program that ends at once is told, not waited for."""
    with pytest.raises(HandsetError, match="our adb server: /bin/false ended at once"), own_server("/bin/false"):
        pass


def test_what_never_answers(tmp_path: Path) -> None:
    """A program that does not become a server costs no more than the deadline, and is ended."""
    program = tmp_path / "adb"
    program.write_text(f"#!/bin/sh\necho $$ >{tmp_path}/pid\nexec sleep 60\n")
    program.chmod(0o755)
    with (
        pytest.raises(HandsetError, match=r"starting: not done within 0\.5 s"),
        own_server(str(program), timeout_s=0.5),
    ):
        pass
    pid = int((tmp_path / "pid").read_text())
    until(lambda: not Path(f"/proc/{pid}").exists())
