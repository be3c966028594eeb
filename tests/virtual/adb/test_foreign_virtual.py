"""The real adb against a whole virtual handset, in its own process: its shell, its files, its log."""

from __future__ import annotations

import hashlib
import os
import pty
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import adbutils
import pytest

from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from conftest import AdbTool

pytestmark = pytest.mark.foreign

TMP = "/data/local/tmp"
BUNDLED = str(Path(adbutils.__file__).parent / "binaries/adb")


@pytest.fixture(scope="module")
def adb(
    adb_server: Callable[[str, Path], AbstractContextManager[AdbTool]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AdbTool]:
    """adb 36, connected to a handset that has just booted."""
    if not os.access(BUNDLED, os.X_OK):
        pytest.skip("adbutils brought no adb that runs here")
    home = tmp_path_factory.mktemp("home")
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3")]) as handsets, adb_server(BUNDLED, home) as tool:
        serial = handsets.endpoint("fold").adb
        assert tool.run("connect", serial).stdout.decode() == f"connected to {serial}\n"
        yield tool


def test_status_outputs_and_input(adb: AdbTool) -> None:
    """`exit 7` is 7, stderr is apart, stdin reaches the script."""
    ran = adb.run("shell", "echo out; echo err >&2; exit 7")
    assert (ran.stdout, ran.stderr, ran.returncode) == (b"out\n", b"err\n", 7)
    ran = adb.run("shell", "-T", "while read -r word; do echo got $word; done", stdin=b"one\ntwo\n")
    assert ran.stdout == b"got one\ngot two\n"


def test_loops_and_pipes(adb: AdbTool) -> None:
    """A script with both."""
    ran = adb.run("shell", "for i in 1 2 3; do echo $i; done | while read n; do echo $((n * n)); done")
    assert ran.stdout == b"1\n4\n9\n"


def test_a_script_on_stdin(adb: AdbTool) -> None:
    """Lines share variables and the working directory."""
    ran = adb.run("shell", stdin=b"cd /data/local/tmp\nx=5\necho $x in $PWD\nexit 6\n")
    assert (ran.stdout, ran.returncode) == (b"5 in /data/local/tmp\n", 6)


def test_a_person_at_a_terminal(adb: AdbTool) -> None:
    """A prompt as Android's, an echo, a status."""
    keyboard, terminal = pty.openpty()
    client = subprocess.Popen(
        [adb.path, "shell"], env=adb.environment, stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    with open(keyboard, "r+b", buffering=0) as screen:
        seen = b""
        while not seen.endswith(b":/ $ "):
            seen += screen.read(4096) or b""
        screen.write(b"exit 3\r")
        assert client.wait(30) == 3


def test_200_megabytes_there_and_back(adb: AdbTool, tmp_path: Path) -> None:
    """Through the handset's file system and the store behind it, with the same SHA-256."""
    source, back = tmp_path / "source", tmp_path / "back"
    block = os.urandom(1 << 20)
    with source.open("wb") as file:
        for number in range(200):
            file.write(number.to_bytes(4, "little") + block[4:])
    assert adb.run("push", str(source), f"{TMP}/big").returncode == 0
    assert adb.run("pull", f"{TMP}/big", str(back)).returncode == 0
    assert _sha256(back) == _sha256(source)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_what_a_phone_refuses_is_refused(adb: AdbTool, tmp_path: Path) -> None:
    """Read-only and foreign places, in adbd's words."""
    (tmp_path / "f").write_bytes(b"x")
    for place, reason in (("/system/f", b"Read-only file system"), ("/data/data/f", b"Permission denied")):
        ran = adb.run("push", str(tmp_path / "f"), place)
        assert ran.returncode == 1
        assert b"remote couldn't create file: " + reason in ran.stdout + ran.stderr


def test_the_log(adb: AdbTool) -> None:
    """`adb logcat -d` ends and shows the boot."""
    ran = adb.run("logcat", "-d")
    assert ran.returncode == 0
    assert b"ActivityTaskManager" in ran.stdout


def test_a_bad_package_is_refused(adb: AdbTool, tmp_path: Path) -> None:
    """`adb install` streams through `abb_exec` and prints Android's failure."""
    (tmp_path / "bad.apk").write_bytes(bytes(2_000_000))
    ran = adb.run("install", str(tmp_path / "bad.apk"))
    assert ran.returncode == 1
    assert b"INSTALL_PARSE_FAILED_NOT_APK" in ran.stderr
