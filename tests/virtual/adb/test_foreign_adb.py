"""The real adb, judge of the whole: the binary that adbutils brings (36), and Debian's (29) where installed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import pty
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from io import FileIO
    from typing import Protocol

    from conftest import Adbd, AdbTool
    from framework.virtual.system.pipes import Pipe

    class StartAdb(Protocol):
        def __call__(self, path: str, home: Path) -> AbstractContextManager[AdbTool]: ...


pytestmark = pytest.mark.foreign

TMP = "/data/local/tmp"
MEGABYTE = 1 << 20
BUNDLED_ONLY = pytest.mark.parametrize("adb", ["adbutils"], indirect=True)
"""For what Debian's adb cannot yet."""
PROMPT = b"# " if os.geteuid() == 0 else b"$ "


@pytest.fixture(scope="module", params=["adbutils", "debian"])
def adb(
    request: pytest.FixtureRequest,
    shared_adbd: Adbd,
    adb_server: StartAdb,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[AdbTool]:
    """adb with a server of its own, connected to the handset."""
    path = request.getfixturevalue("bundled_adb") if request.param == "adbutils" else shutil.which("adb")
    if path is None:
        pytest.skip("adb is not installed")
    with adb_server(path, tmp_path_factory.mktemp("home")) as tool:
        said = tool.run("connect", shared_adbd.serial).stdout.decode()
        assert said == f"connected to {shared_adbd.serial}\n"
        yield tool


def test_it_is_a_device(shared_adbd: Adbd, adb: AdbTool) -> None:
    """`adb devices -l` shows what the banner says."""
    listed = adb.run("devices", "-l").stdout.decode()
    expected = "device product:host_product model:Host_Model device:host transport_id"
    assert f"{shared_adbd.serial}" in listed
    assert expected in listed


def test_the_status_of_a_command_comes_back(adb: AdbTool) -> None:
    """`adb shell 'exit 7'` exits 7."""
    assert adb.run("shell", "exit 7").returncode == 7
    assert adb.run("shell", "true").returncode == 0


def test_stderr_stays_apart(adb: AdbTool) -> None:
    """And with -x (v1) both come as one."""
    ran = adb.run("shell", "echo out; echo err >&2")
    assert (ran.stdout, ran.stderr) == (b"out\n", b"err\n")
    assert adb.run("shell", "-x", "echo out; echo err >&2").stdout == b"out\nerr\n"


def test_loops_and_pipes(adb: AdbTool) -> None:
    """A script is passed on whole."""
    ran = adb.run("shell", "for i in 1 2 3; do echo line $i; done | grep -v 2 | wc -l")
    assert ran.stdout.strip() == b"2"


def test_binary_output_is_untouched(adb: AdbTool) -> None:
    """`exec-out` and `shell` change no byte, in any of 256."""
    script = 'i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %o $i)"; i=$((i+1)); done'
    assert adb.run("exec-out", script).stdout == bytes(range(256))
    assert adb.run("shell", "-T", script).stdout == bytes(range(256))


def test_stdin_reaches_the_program(adb: AdbTool) -> None:
    """Two megabytes through `adb shell cat`, and its end."""
    data = os.urandom(2 * MEGABYTE)
    assert adb.run("shell", "-T", "cat", stdin=data).stdout == data


def test_unread_stdin_loses_no_output(adb: AdbTool) -> None:
    """The program ends before its input is read."""
    ran = adb.run("shell", "-T", "echo early; exit 4", stdin=bytes(MEGABYTE))
    assert (ran.stdout, ran.returncode) == (b"early\n", 4)


def test_a_script_on_stdin_is_run(adb: AdbTool) -> None:
    """`adb shell` without a command and without a terminal."""
    ran = adb.run("shell", stdin=b"x=5\necho $((x * 2))\nexit 6\n")
    assert (ran.stdout, ran.returncode) == (b"10\n", 6)


def test_a_person_at_a_terminal_can_work(adb: AdbTool) -> None:
    """`adb shell` in a real terminal: keys are echoed, Return runs the line, `exit 3` is adb's status."""
    keyboard, terminal = pty.openpty()
    client = subprocess.Popen(
        [adb.path, "shell"], env=adb.environment, stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    with open(keyboard, "r+b", buffering=0) as screen:
        _read_until(screen, PROMPT)
        screen.write(b"echo $((6 * 7))\r")
        assert _read_until(screen, PROMPT) == b"echo $((6 * 7))\r\n42\r\n" + PROMPT
        screen.write(b"exit 3\r")
        assert client.wait(30) == 3


def _read_until(screen: FileIO, end: bytes) -> bytes:
    seen = b""
    while not seen.endswith(end):
        seen += screen.read(4096) or b""
    return seen


def test_a_killed_adb_ends_its_program(shared_adbd: Adbd, adb: AdbTool) -> None:
    """As Ctrl+C does."""
    client = adb.start("shell", "echo ready; sleep 60")
    assert client.stdout is not None
    assert client.stdout.readline() == b"ready\n"
    client.kill()
    client.communicate()
    shared_adbd.until(lambda: not shared_adbd.device.running)


def test_several_streams_at_once(adb: AdbTool) -> None:
    """Commands beside one that stays open."""
    with_open = adb.start("shell", "cat")
    clients = [adb.start("shell", f"echo {number}; exit {number}") for number in range(10)]
    answers = [(client.communicate(timeout=30)[0], client.returncode) for client in clients]
    assert answers == [(f"{number}\n".encode(), number) for number in range(10)]
    assert with_open.communicate(b"still there", timeout=30)[0] == b"still there"


def test_200_megabytes_there_and_back(shared_adbd: Adbd, adb: AdbTool, tmp_path: Path) -> None:
    """Pushed and pulled, the file has the same SHA-256."""
    source, back = tmp_path / "weights.bin", tmp_path / "back.bin"
    block = os.urandom(MEGABYTE)
    with source.open("wb") as file:
        for number in range(200):
            file.write(number.to_bytes(4, "little") + block[4:])
    pushed = adb.run("push", str(source), f"{TMP}/weights.bin")
    assert pushed.returncode == 0, pushed.stderr
    pulled = adb.run("pull", f"{TMP}/weights.bin", str(back))
    assert pulled.returncode == 0, pulled.stderr
    assert _sha256(back) == _sha256(source)
    shared_adbd.device.files.remove(f"{TMP}/weights.bin")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_a_tree_is_pushed_listed_and_pulled(shared_adbd: Adbd, adb: AdbTool, tmp_path: Path) -> None:
    """Directories, empty files, odd names and modes."""
    tree = tmp_path / "tree"
    (tree / "deep/er").mkdir(parents=True)
    (tree / "empty").touch()
    (tree / "with space ü").write_bytes(b"odd")
    (tree / "deep/er/script").write_bytes(b"#!/bin/sh\n" * 1000)
    (tree / "deep/er/script").chmod(0o755)
    pushed = adb.run("push", str(tree), TMP)
    assert pushed.returncode == 0, pushed.stderr
    listed = adb.run("ls", f"{TMP}/tree").stdout.decode()
    assert {line.split(" ", 3)[3] for line in listed.splitlines()} == {".", "..", "deep", "empty", "with space ü"}
    pulled = adb.run("pull", f"{TMP}/tree", str(tmp_path / "back"))
    assert pulled.returncode == 0, pulled.stderr
    there = {path.relative_to(tree): path.is_file() and path.read_bytes() for path in tree.rglob("*")}
    back = tmp_path / "back"
    assert {path.relative_to(back): path.is_file() and path.read_bytes() for path in back.rglob("*")} == there
    assert adb.run("shell", f"stat -c %a .{TMP}/tree/deep/er/script").stdout == b"777\n"


@pytest.mark.parametrize("size", [1, 3 * MEGABYTE])
def test_why_a_transfer_failed_is_told(shared_adbd: Adbd, adb: AdbTool, tmp_path: Path, size: int) -> None:
    """adb prints the handset's reason, also when it is still sending as the handset refuses."""
    (tmp_path / "f").write_bytes(bytes(size))
    (shared_adbd.root / TMP[1:] / "taken/f").mkdir(parents=True, exist_ok=True)
    pushed = adb.run("push", str(tmp_path / "f"), f"{TMP}/taken")
    assert pushed.returncode == 1
    assert b"remote couldn't create file: Is a directory" in pushed.stdout + pushed.stderr
    pulled = adb.run("pull", f"{TMP}/none", str(tmp_path / "back"))
    assert pulled.returncode == 1
    assert b"No such file or directory" in pulled.stdout + pulled.stderr


def test_a_forwarded_port_reaches_the_handset(shared_adbd: Adbd, adb: AdbTool) -> None:
    """`adb forward tcp:0 tcp:6790`, then bytes both ways, on two connections."""

    async def upper(reader: Pipe, writer: Pipe) -> None:
        while data := await reader.read():
            await writer.write(data.upper())

    async def start() -> None:
        if not shared_adbd.device.ports.listening(6790):
            shared_adbd.device.ports.listen(6790, upper)

    shared_adbd.call(start())
    port = int(adb.run("forward", "tcp:0", "tcp:6790").stdout)
    for word in (b"first", b"second"):
        with socket.create_connection(("127.0.0.1", port), 10) as client:
            client.sendall(word)
            assert client.recv(100) == word.upper()
    nobody = int(adb.run("forward", "tcp:0", "tcp:6791").stdout)
    with socket.create_connection(("127.0.0.1", nobody), 10) as client:
        assert client.recv(100) == b""


def test_a_reversed_port_leads_to_the_host(shared_adbd: Adbd, adb: AdbTool) -> None:
    """`adb reverse`: chosen ports, list, rebinding, bytes both ways, removal; words of what is refused."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        here = f"tcp:{server.getsockname()[1]}"
        chosen = adb.run("reverse", "tcp:0", here).stdout.decode().strip()
        assert adb.run("reverse", "tcp:7007", "tcp:1").stdout == b"7007\n"
        assert b"cannot rebind existing socket" in adb.run("reverse", "--no-rebind", "tcp:7007", here).stderr
        assert adb.run("reverse", "tcp:7007", here).returncode == 0
        listed = [line.split()[1:] for line in adb.run("reverse", "--list").stdout.decode().splitlines() if line]
        assert sorted(listed) == sorted([[f"tcp:{chosen}", here], ["tcp:7007", here]])

        async def visit(port: int) -> bytes:
            reader, writer = shared_adbd.device.ports.connect(port)
            await writer.write(b"from the handset\n")
            answer = await reader.readline()
            reader.close_read()
            writer.close_write()
            return answer

        for port in (int(chosen), 7007):
            visiting = asyncio.run_coroutine_threadsafe(visit(port), shared_adbd.loop)
            with server.accept()[0] as visitor:
                assert visitor.recv(100) == b"from the handset\n"
                visitor.sendall(b"from the host\n")
                assert visiting.result(20) == b"from the host\n"
    assert adb.run("reverse", "--remove", "tcp:7007").returncode == 0
    assert b"listener 'tcp:7007' not found" in adb.run("reverse", "--remove", "tcp:7007").stderr
    assert adb.run("reverse", "--remove-all").returncode == 0
    assert adb.run("reverse", "--list").stdout.strip() == b""
    assert not shared_adbd.device.ports.listening(int(chosen))


def test_a_host_reaches_its_own_reversed_port(adb: AdbTool) -> None:
    """Through the handset and back, with the first bytes: forward leads to a port that reverse leads home."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        assert adb.run("reverse", "tcp:7008", f"tcp:{server.getsockname()[1]}").returncode == 0
        port = int(adb.run("forward", "tcp:0", "tcp:7008").stdout)
        for number in range(5):
            with socket.create_connection(("127.0.0.1", port), 20) as client:
                client.sendall(b"first %d" % number)
                with server.accept()[0] as visitor:
                    assert visitor.recv(100) == b"first %d" % number
                    visitor.sendall(b"back")
                assert client.recv(100) == b"back"
    adb.run("reverse", "--remove-all")


@BUNDLED_ONLY
@pytest.mark.parametrize("name", ["any", "none", "brotli", "lz4", "zstd"])
def test_compressed_there_and_back(adb: AdbTool, tmp_path: Path, name: str) -> None:
    """What adb 36 compresses arrives, and what is compressed for it is read."""
    content = os.urandom(100_000) + bytes(300_000) + b"words " * 50_000
    (tmp_path / "f").write_bytes(content)
    pushed = adb.run("push", "-z", name, str(tmp_path / "f"), f"{TMP}/compressed")
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    pulled = adb.run("pull", "-z", name, f"{TMP}/compressed", str(tmp_path / "back"))
    assert pulled.returncode == 0, pulled.stdout + pulled.stderr
    assert (tmp_path / "back").read_bytes() == content


@BUNDLED_ONLY
def test_a_dry_run_pushes_nothing(shared_adbd: Adbd, adb: AdbTool, tmp_path: Path) -> None:
    """`push -n` goes through all of it but stores nothing."""
    (tmp_path / "f").write_bytes(bytes(300_000))
    assert adb.run("push", "-n", str(tmp_path / "f"), f"{TMP}/dry").returncode == 0
    assert not (shared_adbd.root / TMP[1:] / "dry").exists()
