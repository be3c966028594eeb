"""The real adb, 36 and the distribution's, against `farm virtual up`, as users start it."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from framework.formats.apk import read_apk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from conftest import AdbTool

pytestmark = pytest.mark.foreign

TMP = "/data/local/tmp"
DEVICES = "handsets: [{name: fold, kind: virtual, profile: xiaomi-mix-fold-3}]\n"


@contextmanager
def farm_virtual_up(folder: Path) -> Iterator[str]:
    """The ADB address that `farm virtual up --json` prints; Ctrl+C ends it, with status 0."""
    (folder / "devices.yaml").write_text(DEVICES)
    command = [str(Path(sys.executable).with_name("farm")), "virtual", "up", "--json"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as farm:
        assert farm.stdout is not None
        try:
            yield json.loads(farm.stdout.readline())["adb"]
        finally:
            farm.send_signal(signal.SIGINT)
            assert farm.wait(30) == 0


@pytest.fixture(scope="module", params=["adbutils", "debian"])
def adb(
    request: pytest.FixtureRequest,
    adb_server: Callable[[str, Path], AbstractContextManager[AdbTool]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[AdbTool]:
    """adb, connected to a handset that has just booted."""
    path = request.getfixturevalue("bundled_adb") if request.param == "adbutils" else shutil.which("adb")
    if path is None:
        pytest.skip("adb is not installed")
    with (
        farm_virtual_up(tmp_path_factory.mktemp("farm")) as serial,
        adb_server(path, tmp_path_factory.mktemp("home")) as tool,
    ):
        assert (b"\nVersion 36." in tool.run("version").stdout) == (request.param == "adbutils")
        assert tool.run("connect", serial).stdout.decode() == f"connected to {serial}\n"
        yield tool


def test_status_outputs_and_input(adb: AdbTool) -> None:
    """`exit 7` is 7, stderr is apart, stdin reaches the script."""
    ran = adb.run("shell", "exit 7")
    assert (ran.stdout, ran.stderr, ran.returncode) == (b"", b"", 7)
    ran = adb.run("shell", "echo out; echo err >&2; exit 7")
    assert (ran.stdout, ran.stderr, ran.returncode) == (b"out\n", b"err\n", 7)
    ran = adb.run("shell", "-T", "while read -r word; do echo got $word; done", stdin=b"one\ntwo\n")
    assert ran.stdout == b"got one\ngot two\n"


def test_loops_and_pipes(adb: AdbTool) -> None:
    """Built-in and toybox's commands, Android's own, in loops, pipes and substitutions."""
    ran = adb.run("shell", "for i in 1 2 3; do echo $i; done | while read n; do echo $((n * n)); done")
    assert ran.stdout == b"1\n4\n9\n"
    ran = adb.run("shell", "seq 20 | grep -v 7 | sort -rn | head -n 2 | tr '\\n' ' '; pm list packages | wc -l")
    last, packages = ran.stdout.rsplit(b" ", 1)
    assert (last, int(packages) > 1) == (b"20 19", True)
    ran = adb.run("shell", "n=0; until [ $n -ge 3 ]; do n=$((n + 1)); done; echo $(getprop ro.hardware | tr a-z A-Z)$n")
    assert ran.stdout == b"QCOM3\n"


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
    """The same SHA-256 on this side, by the handset's own `sha256sum`, and after the way back."""
    source, back = tmp_path / "source", tmp_path / "back"
    block = os.urandom(1 << 20)
    with source.open("wb") as file:
        for number in range(200):
            file.write(number.to_bytes(4, "little") + block[4:])
    expected = _sha256(source)
    assert adb.run("push", str(source), f"{TMP}/big").returncode == 0
    assert adb.run("shell", "sha256sum", f"{TMP}/big").stdout.decode() == f"{expected}  {TMP}/big\n"
    assert adb.run("pull", f"{TMP}/big", str(back)).returncode == 0
    assert _sha256(back) == expected
    assert adb.run("shell", "rm", f"{TMP}/big").returncode == 0


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


def test_a_real_package_is_installed(adb: AdbTool, real_apks: list[Path], tmp_path: Path) -> None:
    """One of more than 15 MB: listed with its version, pulled back byte for byte, and gone once uninstalled."""
    apk = max(real_apks, key=lambda path: path.stat().st_size)
    assert apk.stat().st_size > 15_000_000
    expected = read_apk(apk)
    ran = adb.run("install", str(apk))
    assert (ran.returncode, ran.stdout.splitlines()[-1:]) == (0, [b"Success"]), ran.stderr
    dumped = adb.run("shell", "dumpsys", "package", expected.package).stdout.decode()
    assert f"versionCode={expected.version_code} " in dumped
    path = adb.run("shell", "pm", "path", expected.package).stdout.decode().strip().removeprefix("package:")
    assert adb.run("pull", path, str(tmp_path / "base.apk")).returncode == 0
    assert _sha256(tmp_path / "base.apk") == _sha256(apk)
    assert adb.run("uninstall", expected.package).stdout == b"Success\n"
    assert adb.run("shell", "pm", "path", expected.package).returncode == 1


def test_a_bad_package_is_refused(adb: AdbTool, tmp_path: Path) -> None:
    """`adb install` streams through `abb_exec` and prints Android's failure."""
    (tmp_path / "bad.apk").write_bytes(bytes(2_000_000))
    ran = adb.run("install", str(tmp_path / "bad.apk"))
    assert ran.returncode == 1
    assert b"INSTALL_PARSE_FAILED_NOT_APK" in ran.stderr


def test_the_log(adb: AdbTool) -> None:
    """`logcat -d` shows the boot and ends; a following one shows what is logged while it runs."""
    ran = adb.run("logcat", "-d")
    assert ran.returncode == 0
    assert b"ActivityTaskManager" in ran.stdout
    assert adb.run("shell", "log", "-t", "Mine", "before").returncode == 0
    with adb.start("logcat", "-v", "tag", "Mine:I", "*:S") as following:
        assert following.stdout is not None
        try:
            assert following.stdout.readline() == b"--------- beginning of main\n"
            assert following.stdout.readline() == b"I/Mine    : before\n"
            assert adb.run("shell", "log -p d -t Mine too low; log -p w -t Mine heard").returncode == 0
            assert following.stdout.readline() == b"W/Mine    : heard\n"
        finally:
            following.kill()


def test_a_forwarded_port(adb: AdbTool) -> None:
    """`forward` reaches a program that listens on the handset, both ways; its end is the connection's."""
    with adb.start("shell", "-T", "nc -l") as listening:
        assert listening.stdin is not None
        assert listening.stdout is not None
        there = int(listening.stdout.readline())
        here = int(adb.run("forward", "tcp:0", f"tcp:{there}").stdout)
        with socket.create_connection(("127.0.0.1", here), 10) as client:
            client.sendall(b"from the host\n")
            assert listening.stdout.readline() == b"from the host\n"
            listening.stdin.write(b"from the handset\n")
            listening.stdin.close()
            assert b"".join(iter(lambda: client.recv(100), b"")) == b"from the handset\n"
        assert listening.wait(30) == 0
    assert adb.run("forward", "--remove", f"tcp:{here}").returncode == 0


def test_a_port_where_nobody_listens(adb: AdbTool) -> None:
    """`forward` takes it, as for a phone; a connection ends at once, without a byte, and adb stays."""
    port = int(adb.run("forward", "tcp:0", "tcp:6791").stdout)
    assert f"tcp:{port} tcp:6791\n" in adb.run("forward", "--list").stdout.decode()
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        assert client.recv(100) == b""
    assert adb.run("forward", "--remove", f"tcp:{port}").returncode == 0
    assert adb.run("forward", "--list").stdout.strip() == b""
    assert adb.run("get-state").stdout == b"device\n"
