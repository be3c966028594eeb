"""adb 29 and adb 36, by the same functions, on whole virtual handsets: keys, terminals, refusals, ports, endings."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import termios
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest
from support import waiting
from support.terminal import Screen, at_terminal

from framework.virtual.control.client import Control
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import VirtualHandsets, virtual_handsets

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from conftest import AdbTool

pytestmark = pytest.mark.foreign

TMP = "/data/local/tmp"
DEADLINE_S = 30
until = partial(waiting.until, within_s=DEADLINE_S)
BUNDLED_ONLY = pytest.mark.parametrize("adb", ["adbutils"], indirect=True)


@dataclass(frozen=True)
class Handsets:
    """One that lets everybody in, one that asks."""

    open: VirtualEndpoint
    asking: VirtualEndpoint


@pytest.fixture(scope="module")
def started() -> Iterator[VirtualHandsets]:
    requests = [
        VirtualRequest(f"{kind}-{client}", "xiaomi-13", speed=20, auth=auth)
        for client in ("adbutils", "debian")
        for kind, auth in (("open", "open"), ("asking", "ask"))
    ]
    with virtual_handsets(requests) as handsets:
        yield handsets


@pytest.fixture(scope="module")
def handsets(started: VirtualHandsets, adb: AdbTool) -> Handsets:
    """Fresh ones for each client."""
    kind = "adbutils" if "adbutils" in adb.path else "debian"
    return Handsets(started.endpoint(f"open-{kind}"), started.endpoint(f"asking-{kind}"))


@pytest.fixture(scope="module", params=["adbutils", "debian"])
def adb(
    request: pytest.FixtureRequest,
    adb_server: Callable[[str, Path], AbstractContextManager[AdbTool]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[AdbTool]:
    path = request.getfixturevalue("bundled_adb") if request.param == "adbutils" else shutil.which("adb")
    if path is None:
        pytest.skip("adb is not installed")
    with adb_server(path, tmp_path_factory.mktemp("home")) as tool:
        yield tool


@dataclass(frozen=True)
class OnHandset:
    """adb for one handset."""

    adb: AdbTool
    serial: str

    def run(self, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return self.adb.run("-s", self.serial, *args, stdin=stdin)

    def sh(self, script: str) -> str:
        return self.run("shell", script).stdout.decode()

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        return self.adb.start("-s", self.serial, *args)

    def at_terminal(self, *args: str) -> AbstractContextManager[tuple[Screen, subprocess.Popen[bytes]]]:
        return at_terminal([self.adb.path, "-s", self.serial, *args], self.adb.environment)


@pytest.fixture(scope="module")
def on(adb: AdbTool, handsets: Handsets) -> OnHandset:
    """On the handset that lets everybody in."""
    said = adb.run("connect", handsets.open.adb).stdout.decode()
    assert said == f"connected to {handsets.open.adb}\n"
    return OnHandset(adb, handsets.open.adb)


def state(adb: AdbTool, serial: str) -> str:
    """What `adb devices` says."""
    lines = [line.split() for line in adb.run("devices").stdout.decode().splitlines()]
    return next((words[1] for words in lines if words and words[0] == serial), "absent")


# -- keys -------------------------------------------------------------------------------------------------------


def test_unauthorized_until_accepted_and_remembered(adb: AdbTool, handsets: Handsets) -> None:
    """The words of adb, the states it lists; after "Always allow" the next connection is let in at once."""
    serial, control = handsets.asking.adb, Control(handsets.asking.control)
    said = adb.run("connect", serial)
    assert f"failed to authenticate to {serial}" in (said.stdout + said.stderr).decode()
    until(lambda: state(adb, serial) == "unauthorized", "it is not unauthorized")
    assert b"device unauthorized" in adb.run("-s", serial, "shell", "true").stderr
    until(lambda: bool(control.auth()["asking"]), "nobody asks")
    accepted = control.answer(allow=True)
    until(lambda: state(adb, serial) == "device", "it is not online")
    assert control.auth()["remembered"] == [accepted]
    adb.run("disconnect", serial)
    assert adb.run("connect", serial).stdout.decode() == f"connected to {serial}\n"
    assert adb.run("-s", serial, "shell", "getprop ro.adb.secure").stdout == b"1\n"
    control.revoke()
    adb.run("disconnect", serial)
    adb.run("connect", serial)
    until(lambda: state(adb, serial) == "unauthorized", "it is let in although it was forgotten")
    adb.run("disconnect", serial)


# -- terminals --------------------------------------------------------------------------------------------------


PROMPT = b"fuxi:/ $ "


def test_a_person_at_a_terminal(on: OnHandset) -> None:
    """A prompt, an echo, the size of the window and its changes, TERM, Ctrl+C, Ctrl+D, a status."""
    with on.at_terminal("shell") as (screen, client):
        screen.see(PROMPT)
        screen.type(b"stty size; echo $TERM; [ -t 0 ] && echo tty\r")
        assert screen.see(b"\r\ntty\r\n" + PROMPT).splitlines()[1:4] == [b"31 97", b"xterm-test", b"tty"]
        screen.type(b"trap 'stty size' WINCH\r")
        screen.see(PROMPT)
        fcntl.ioctl(screen.keyboard, termios.TIOCSWINSZ, struct.pack("4H", 40, 120, 0, 0))
        client.send_signal(signal.SIGWINCH)
        screen.see(b"40 120\r\n")
        screen.type(b"echo ready; sleep 100000\r")
        screen.see(b"\r\nready\r\n")
        screen.type(b"\x03")
        assert screen.see(PROMPT).endswith(b"^C\r\n" + PROMPT)
        screen.type(b"cat\r")
        screen.see(b"cat\r\n")
        screen.type(b"said\r\x04")
        screen.see(b"said\r\nsaid\r\n" + PROMPT)
        screen.type(b"exit 3\r")
        assert client.wait(DEADLINE_S) == 3


@pytest.mark.parametrize(
    ("options", "at_a_terminal", "expected"),
    [
        ((), True, b"pipe"),
        (("-t",), True, b"tty"),
        (("-T",), True, b"pipe"),
        (("-t",), False, b"pipe"),
        (("-tt",), False, b"tty"),
    ],
)
def test_what_kind_of_shell_a_command_gets(
    on: OnHandset, options: tuple[str, ...], at_a_terminal: bool, expected: bytes
) -> None:
    """-t gives a terminal where the client is at one, -tt always, -T never; without, a command gets none."""
    command = ("shell", *options, "if [ -t 0 ]; then echo tty; else echo pipe; fi")
    if not at_a_terminal:
        assert on.run(*command).stdout.split() == [expected]
        return
    with on.at_terminal(*command) as (screen, client):
        assert screen.see(b"\n").split() == [expected]
        assert client.wait(DEADLINE_S) == 0


# -- files ------------------------------------------------------------------------------------------------------


def test_modes_times_and_links(on: OnHandset, tmp_path: Path) -> None:
    """A tree there and back: modes are widened as adbd does, times are kept with pull -a, links are followed."""
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    (tree / "sub/script").write_bytes(b"#!/system/bin/sh\necho run\n")
    (tree / "sub/script").chmod(0o750)
    (tree / "old").write_bytes(b"old")
    os.utime(tree / "old", (1_500_000_000, 1_500_000_000))
    assert on.run("push", str(tree), TMP).returncode == 0
    assert on.sh(f"stat -c '%a' {TMP}/tree/sub/script; {TMP}/tree/sub/script").split() == ["777", "run"]
    assert on.sh(f"stat -c '%Y' {TMP}/tree/old") == "1500000000\n"
    on.sh(f"ln -s old {TMP}/tree/link; touch -d 2020-01-02T03:04:05 {TMP}/tree/sub/script")
    assert on.run("pull", "-a", f"{TMP}/tree", str(tmp_path / "back")).returncode == 0
    assert (tmp_path / "back/old").stat().st_mtime == 1_500_000_000
    assert (tmp_path / "back/sub/script").read_bytes() == (tree / "sub/script").read_bytes()
    assert on.run("pull", f"{TMP}/tree/link", str(tmp_path / "link")).returncode == 0
    assert (tmp_path / "link").read_bytes() == b"old"
    on.sh(f"rm -r {TMP}/tree")


def test_a_link_is_pushed_as_what_it_leads_to(on: OnHandset, tmp_path: Path) -> None:
    """adb follows it; a link to nowhere is told."""
    (tmp_path / "target").write_bytes(b"target")
    (tmp_path / "link").symlink_to("target")
    assert on.run("push", str(tmp_path / "link"), f"{TMP}/followed").returncode == 0
    assert on.sh(f"[ -L {TMP}/followed ]; echo $?; cat {TMP}/followed; rm {TMP}/followed") == "1\ntarget"


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("/system/app/f", b"remote couldn't create file: Read-only file system"),
        (
            "/data/data/com.miui.home/f",
            b"trying to push to /data/data/com.miui.home/f: Permission denied",
        ),
        ("/data/data/f", b"remote couldn't create file: Permission denied"),
        ("/data/misc/f", b"remote couldn't create file: Permission denied"),
    ],
)
def test_where_a_shell_may_not_write(on: OnHandset, tmp_path: Path, place: str, reason: bytes) -> None:
    """The handset's own reason, and a status."""
    (tmp_path / "f").write_bytes(bytes(200_000))
    ran = on.run("push", str(tmp_path / "f"), place)
    assert ran.returncode == 1
    assert reason in ran.stdout + ran.stderr


@pytest.mark.parametrize("path", ["/data/data/com.miui.home/f", f"{TMP}/unreadable"])
def test_what_a_shell_may_not_read(on: OnHandset, tmp_path: Path, path: str) -> None:
    """A file of another, and one without the mode; nothing is left here."""
    on.sh(f"echo secret >{TMP}/unreadable; chmod 000 {TMP}/unreadable")
    ran = on.run("pull", path, str(tmp_path / "pulled"))
    assert ran.returncode == 1
    assert b"Permission denied" in ran.stdout + ran.stderr or b"does not exist" in ran.stdout + ran.stderr
    assert not (tmp_path / "pulled").exists()
    on.sh(f"rm -f {TMP}/unreadable")


@BUNDLED_ONLY
@pytest.mark.parametrize("name", ["brotli", "lz4", "zstd"])
def test_compressed_on_a_handset(on: OnHandset, tmp_path: Path, name: str) -> None:
    """The handset's own checksum of what came compressed, and the way back; a dry run stores nothing."""
    (tmp_path / "f").write_bytes(os.urandom(200_000) + bytes(2_000_000))
    assert on.run("push", "-z", name, str(tmp_path / "f"), f"{TMP}/z").returncode == 0
    expected = subprocess.run(["md5sum", tmp_path / "f"], capture_output=True, check=True, text=True).stdout.split()[0]
    assert on.sh(f"md5sum {TMP}/z").split()[0] == expected
    assert on.run("pull", "-z", name, f"{TMP}/z", str(tmp_path / "back")).returncode == 0
    assert (tmp_path / "back").read_bytes() == (tmp_path / "f").read_bytes()
    on.sh(f"rm {TMP}/z")
    assert on.run("push", "-n", "-z", name, str(tmp_path / "f"), f"{TMP}/z").returncode == 0
    assert on.sh(f"ls {TMP}/z 2>&1").endswith("No such file or directory\n")


# -- ports ------------------------------------------------------------------------------------------------------


def test_a_program_on_the_handset_reaches_the_host(on: OnHandset) -> None:
    """`reverse` on a port that this machine uses for something else: the handset's ports are its own."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as taken:
        server.settimeout(DEADLINE_S)
        here, there = server.getsockname()[1], taken.getsockname()[1]
        assert on.run("reverse", f"tcp:{there}", f"tcp:{here}").stdout.decode() == f"{there}\n"
        with on.start("shell", "-T", f"nc 127.0.0.1 {there}") as visit:
            assert visit.stdin is not None
            assert visit.stdout is not None
            visit.stdin.write(b"from the handset\n")
            visit.stdin.flush()
            with server.accept()[0] as visitor:
                assert visitor.recv(100) == b"from the handset\n"
                visitor.sendall(b"from the host\n")
                assert visit.stdout.readline() == b"from the host\n"
            assert visit.wait(DEADLINE_S) == 0
        assert f"tcp:{there} tcp:{here}" in on.run("reverse", "--list").stdout.decode()
    assert on.run("reverse", "--remove-all").returncode == 0


# -- about adbd -------------------------------------------------------------------------------------------------


def test_what_a_user_build_says(on: OnHandset) -> None:
    """root, unroot, remount, tcpip with a bad port: words as of a phone, which stays online."""
    assert on.run("root").stdout == b"adbd cannot run as root in production builds\n"
    assert b"not running as root" in on.run("unroot").stdout
    assert b"remount" in on.run("remount").stdout
    assert on.run("tcpip", "nonsense").returncode == 1
    assert on.run("jdwp").stdout == b""
    assert on.run("get-state").stdout == b"device\n"


@BUNDLED_ONLY
def test_abb_prints_what_cmd_prints(on: OnHandset) -> None:
    """`adb abb`, which adb 29 does not have."""
    by_abb, by_cmd = on.run("abb", "package", "list", "packages"), on.run("shell", "cmd package list packages")
    assert by_abb.stdout == by_cmd.stdout != b""
    assert on.run("abb", "nonsense").returncode == on.run("shell", "cmd nonsense").returncode != 0


# -- endings ----------------------------------------------------------------------------------------------------


def test_a_killed_client_is_a_hangup(on: OnHandset) -> None:
    """A trap on HUP sees it, before stdin ends; what it had put into the background dies with the connection."""
    on.sh(f"rm -f {TMP}/story")
    script = f"trap 'echo hup >>{TMP}/story' HUP; sleep 77777 & echo ready; "
    script += f"while read x; do :; done; echo eof >>{TMP}/story"
    with on.start("shell", "-T", script) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"ready\n"
        assert "77777" in on.sh("ps -A -o ARGS")
        client.kill()
    until(lambda: on.sh(f"cat {TMP}/story") == "hup\neof\n", "the trap was not run before the input ended")
    until(lambda: "77777" not in on.sh("ps -A -o ARGS"), "sleep lives on")


def test_unread_input_loses_no_output(on: OnHandset) -> None:
    """A command that ends with most of its input unread is heard to the end."""
    ran = on.run("shell", "-T", "read x; echo got $x; seq 5000; exit 9", stdin=b"first\n" + bytes(500_000))
    assert (ran.returncode, len(ran.stdout.splitlines()), ran.stdout[:9]) == (9, 5001, b"got first")


# -- packages ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apks(make_apk: Callable[..., bytes], apk: Callable[..., object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of version 1 and of 2, splits that fit and that do not, and an app for tests only."""
    folder = tmp_path_factory.mktemp("apks")
    wanted = {
        "base": apk(),
        "fits": apk(split="config.zh"),
        "newer": apk(split="config.zh", version_code=2),
        "stranger": apk(split="config.zh", signer=1),
        "base2": apk(version_code=2),
        "tests": apk(package="org.example.tests", test_only=True),
    }
    for name, what in wanted.items():
        (folder / f"{name}.apk").write_bytes(make_apk(what))
    return folder


def test_splits_are_installed_with_their_base(on: OnHandset, apks: Path) -> None:
    """In one session, whose APKs must belong together; later a split alone is added."""
    base, fits = str(apks / "base.apk"), str(apks / "fits.apk")
    assert b"Success" in on.run("install-multiple", base, fits).stdout
    paths = on.sh("pm path org.example.app").splitlines()
    assert [path.rpartition("/")[2] for path in paths] == ["base.apk", "split_config.zh.apk"]
    for name, why in (("newer", b"version code 2 inconsistent with 1"), ("stranger", b"signatures are inconsistent")):
        refused = on.run("install-multiple", base, str(apks / f"{name}.apk"))
        assert refused.returncode != 0
        assert b"INSTALL_FAILED_INVALID_APK" in refused.stderr + refused.stdout
        assert why in refused.stderr + refused.stdout
    assert b"Success" in on.run("install-multiple", "-p", "org.example.app", fits).stdout


def test_what_is_refused_says_androids_word(on: OnHandset, apks: Path) -> None:
    """An older version, an app for tests only; what was there stays."""
    assert b"Success" in on.run("install", "-r", str(apks / "base2.apk")).stdout
    for name, word in (("base", b"INSTALL_FAILED_VERSION_DOWNGRADE"), ("tests", b"INSTALL_FAILED_TEST_ONLY")):
        refused = on.run("install", "-r", str(apks / f"{name}.apk"))
        assert word in refused.stderr + refused.stdout
        assert refused.returncode != 0
    assert b"Success" in on.run("install", "-t", str(apks / "tests.apk")).stdout
    assert "versionCode=2" in on.sh("dumpsys package org.example.app")
    assert on.sh("pm uninstall org.example.tests; pm uninstall org.example.app; pm list packages -3") == "Success\n" * 2


def test_a_bugreport_is_an_archive(on: OnHandset, tmp_path: Path) -> None:
    """`adb bugreport` asks for the version, follows the progress and pulls the file."""
    on.run("bugreport", str(tmp_path / "report.zip"))
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert archive.read("version.txt") == b"2.0"


def test_a_reboot_is_one(on: OnHandset) -> None:
    """`adb reboot`: the connection breaks, and another boot answers."""
    before = on.sh("cat /proc/sys/kernel/random/boot_id")
    assert on.run("reboot").returncode == 0

    def back() -> bool:
        on.adb.run("disconnect", on.serial)  # adb 29 by itself takes 10 s
        on.adb.run("connect", on.serial)
        after = on.run("shell", "cat /proc/sys/kernel/random/boot_id; getprop sys.boot_completed").stdout.decode()
        return len(after.split()) == 2 and before not in after

    until(back, "the handset is not back")
