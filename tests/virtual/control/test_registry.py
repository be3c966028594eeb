"""The list of running handsets: found by name, told apart, and cleaned of what dead processes left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from framework.contract.errors import UsageError
from framework.virtual.control.registry import (
    Running,
    find_running,
    registered,
    running_handsets,
    runtime_folder,
)
from framework.virtual.endpoints import VirtualEndpoint

HOLDER = """
import sys, time
from framework.virtual.control.registry import Running, registered
from framework.virtual.endpoints import VirtualEndpoint
with registered(Running(VirtualEndpoint("ghost", "p", 1.0, "127.0.0.1:9", "http://u", "http://c"), "/", 0.0)):
    print("listed", flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder of the test's own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "pocketfarm"


def running(name: str, port: int = 5555, started_s: float = 1.0) -> Running:
    endpoint = VirtualEndpoint(
        name, "xiaomi-13", 20.0, f"127.0.0.1:{port}", "http://127.0.0.1:1", "http://127.0.0.1:2/t"
    )
    return Running(endpoint, "/home/somebody", started_s)


def test_a_handset_is_listed_while_it_runs(runtime: Path) -> None:
    """Its file is for nobody else to read, and gone afterwards."""
    with registered(running("fold")):
        assert running_handsets() == [running("fold")]
        assert [path.stat().st_mode & 0o777 for path in runtime.iterdir()] == [0o600]
    assert (running_handsets(), list(runtime.iterdir())) == ([], [])


def test_what_a_killed_process_left_is_ignored_and_removed(runtime: Path) -> None:
    """Listed while it lives; after kill -9 the next look takes its file away."""
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert [each.endpoint.name for each in running_handsets()] == ["ghost"]
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(10)
        assert len(list(runtime.iterdir())) == 1
        assert (running_handsets(), list(runtime.iterdir())) == ([], [])


def test_two_of_one_name_are_told_apart() -> None:
    """The name alone is refused, with what to say instead; the name with the ADB port is enough."""
    with ExitStack() as stack:
        for port in (4001, 4002):
            stack.enter_context(registered(running("fold", port)))
        with pytest.raises(UsageError, match=r"2 handsets named fold are running: fold@4001 \(.*\), fold@4002"):
            find_running("fold")
        assert find_running("fold@4002") == running("fold", 4002)


def test_a_name_that_does_not_run() -> None:
    """Told what runs and what was meant, or that nothing runs."""
    with pytest.raises(UsageError, match="no virtual handset is running"):
        find_running("fold")
    with registered(running("fold")), pytest.raises(UsageError, match=r'there are fold \(did you mean "fold"'):
        find_running("fald")


def test_files_that_are_no_entries_do_no_harm(runtime: Path) -> None:
    """Garbage, a link, an entry of another version: passed over."""
    with registered(running("fold")):
        (runtime / "link.json").symlink_to("/etc/passwd")
        (runtime / "noise").write_bytes(b"\xff")
        (runtime / "garbage.json").write_bytes(b"\xff{")
        assert [each.endpoint.name for each in running_handsets()] == ["fold"]


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_folder_that_others_can_enter_is_not_used(runtime: Path, mode: int) -> None:
    """Whoever could read or plant entries in it could take tokens or be asked for faults."""
    runtime.mkdir()
    runtime.chmod(mode)
    with pytest.raises(UsageError, match="not a folder of yours alone"):
        runtime_folder()


def test_a_runtime_directory_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As after `su`: the folder for temporary files serves instead."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/nobody")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert runtime_folder() == tmp_path / f"pocketfarm-{os.getuid()}"


def test_a_link_in_its_place_is_not_followed(runtime: Path, tmp_path: Path) -> None:
    """Also when it leads to a folder of one's own."""
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    runtime.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="not a folder of yours alone"):
        runtime_folder()
