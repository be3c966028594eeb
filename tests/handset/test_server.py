"""Through an adb server: what it says of handsets, and that none is ever started."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from support.adb_servers import TheirServer, answering, block

from framework.contract.errors import DeadlineError, HandsetError
from framework.handset import holder, lease
from framework.handset import server as module
from framework.handset.adb_server import (
    SeenHandset,
    ask,
    connect_handset,
    disconnect_handset,
    seen_handsets,
    state,
)
from framework.handset.connection import StreamClosedError
from framework.handset.own_server import own_server
from framework.handset.server import ServerConnection, ServerStream
from framework.handset.shell import HandsetShell

if TYPE_CHECKING:
    from conftest import Phone

WAIT_S = 5.0
UP = {
    "host-serial:X1:get-state": b"OKAY" + block("device"),
    "host-serial:X1:features": b"OKAY" + block("shell_v2"),
}
"""Answers of a server whose handset X1 is up."""


@pytest.mark.parametrize(
    ("said", "what", "mend"),
    [
        ("device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\n", "device unauthorized.", "accept"),
        ("device still authorizing", "device still authorizing", "accept"),
        ("device still connecting", "device still connecting", "in a moment"),
        ("device offline", "device offline", "plug it in again"),
        ("device 'X1' not found", "device 'X1' not found", "plugged in"),
        ("insufficient permissions for device: user in plugdev group", "insufficient permissions", "udev"),
        ("closed", "closed", ""),
    ],
)
def test_handsets_that_cannot_be_reached(said: str, what: str, mend: str) -> None:
    """Each word of adb's becomes a HandsetError with the handset's name and what to do."""
    with (
        answering({"host-serial:X1:get-state": b"FAIL" + block(said)}) as server,
        pytest.raises(HandsetError) as caught,
    ):
        ServerConnection("bench", "X1", server.address, WAIT_S)
    assert caught.value.handset == "bench"
    assert caught.value.what.startswith(what)
    assert mend in caught.value.mend
    assert bool(caught.value.mend) == bool(mend)


@pytest.mark.parametrize(
    ("state", "mend"),
    [
        ("offline", "adb reconnect offline"),
        ("unauthorized", "accept this computer's key"),
        ("authorizing", "accept this computer's key"),
        ("connecting", "in a moment"),
        ("no permissions (user in plugdev group; are your udev rules wrong?); see [http://d.android.com]", "udev rule"),
        ("recovery", "Reboot system now"),
        ("sideload", "finish `adb sideload`"),
        ("rescue", "flash it anew"),
        ("bootloader", "fastboot reboot"),
        ("host", "not a handset"),
        ("detached", "adb attach"),
    ],
)
def test_states_in_which_a_handset_is_of_no_use(state: str, mend: str) -> None:
    """A handset that a server serves in another state than `device`, as one in its recovery, is refused."""
    told = state.partition(" (")[0]
    with (
        answering({"host-serial:X1:get-state": b"OKAY" + block(state)}) as server,
        pytest.raises(HandsetError, match=f"bench: the adb server says that it is in state {told}") as caught,
    ):
        ServerConnection("bench", "X1", server.address, WAIT_S)
    assert mend in caught.value.mend


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no server answers, that is said, and none is started."""
    started: list[object] = []
    monkeypatch.setattr("adbutils._adb.subprocess.run", lambda *args, **_: started.append(args))
    with socket.create_server(("127.0.0.1", 0)) as closing:
        address = f"127.0.0.1:{closing.getsockname()[1]}"
    for attempt in (
        lambda: ServerConnection("bench", "X1", address, WAIT_S),
        lambda: seen_handsets(address),
    ):
        with pytest.raises(
            HandsetError, match=rf"no adb server answers at {address} \(start one with `adb start-server`"
        ):
            attempt()
    assert started == []


def test_a_silent_server() -> None:
    """A server that does not answer costs no more than the deadline."""
    with answering({}) as server, pytest.raises(DeadlineError, match="does not answer"):
        ServerConnection("bench", "X1", server.address, 0.2)


def test_the_handset_is_lost_between_two_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handset that was there and is gone is told by what the server says then."""
    answers = {
        **UP,
        "host:transport:X1": b"FAIL" + block("device offline"),
    }
    monkeypatch.setattr(module, "RECONNECT_S", 0.2)
    with answering(answers) as server:
        connection = ServerConnection("bench", "X1", server.address, WAIT_S)
        with pytest.raises(HandsetError, match="bench: device offline"):
            connection.open("shell:true", WAIT_S)


def test_a_stream_that_is_cut() -> None:
    """The end of the server's socket is the end of the stream."""
    answers = {
        **UP,
        "host:transport:X1": b"OKAY",
        "exec:x": b"OKAYlast words",
    }
    with answering(answers) as server:
        stream = ServerConnection("bench", "X1", server.address, WAIT_S).open("exec:x", WAIT_S)
        assert stream.read(WAIT_S) == b"last words"
        with pytest.raises(DeadlineError, match=r"reading exec:x: no answer within 0\.1 s"):
            stream.read(0.1)
        stream.close()
        assert stream.read(WAIT_S) == b""
        assert stream.readable()
        with pytest.raises(StreamClosedError):
            stream.write(b"x", WAIT_S)


@pytest.mark.foreign
def test_a_real_server_knows_the_phone(through_server: ServerConnection, adb_server: str) -> None:
    """The phone that adb has connected is listed, and its features are asked for."""
    assert SeenHandset(through_server._serial, "device") in seen_handsets(adb_server)
    assert "shell_v2" in through_server.features


@pytest.mark.foreign
def test_a_real_server_does_not_know_another(adb_server: str) -> None:
    """adb's own words for an unknown serial."""
    with pytest.raises(HandsetError, match=r"bench: device 'nowhere' not found \(is it plugged in"):
        ServerConnection("bench", "nowhere", adb_server, WAIT_S)


@pytest.fixture(scope="module", params=["29", "36"])
def theirs(
    request: pytest.FixtureRequest, bundled_adb: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TheirServer]:
    """A running adb server of Debian's version, and one of adbutils'; nobody here has started them."""
    adb = bundled_adb if request.param == "36" else shutil.which("adb", path="/usr/bin")
    if adb is None:
        pytest.skip("there is no adb of the system (Debian package adb)")
    server = TheirServer(adb, tmp_path_factory.mktemp("home"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def served(phone: Phone, restart: Callable[[], None], theirs: TheirServer) -> Iterator[ServerConnection]:
    """The phone through that server, whose serial is its address."""
    connect_handset("phone", theirs.address, phone.address)
    with closing(ServerConnection("phone", phone.address, theirs.address, WAIT_S)) as made:
        yield made
    with suppress(HandsetError):
        disconnect_handset(theirs.address, phone.address)


@pytest.mark.foreign
def test_serials_with_a_colon(phone: Phone, restart: Callable[[], None], theirs: TheirServer) -> None:
    """An address, by number or by name, is a serial like any other, and is listed as one."""
    serials = [phone.address, phone.address.replace("127.0.0.1", "localhost")]
    for serial in serials:
        connect_handset("phone", theirs.address, serial)
        with closing(ServerConnection("phone", serial, theirs.address, WAIT_S)) as connection:
            assert HandsetShell("phone", connection).run("echo", serial).text == serial
    assert [state(theirs.address, serial) for serial in serials] == ["device", "device"]
    for serial in serials:
        disconnect_handset(theirs.address, serial)
        assert state(theirs.address, serial) is None


@pytest.mark.foreign
@pytest.mark.parametrize("variable", ["ADB_SERVER_SOCKET", "ANDROID_ADB_SERVER_PORT"])
def test_a_server_of_the_environment(
    served: ServerConnection, theirs: TheirServer, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Without an address that which adb itself would take."""
    monkeypatch.delenv("ADB_SERVER_SOCKET", raising=False)
    port = theirs.address.rpartition(":")[2]
    monkeypatch.setenv(variable, port if variable == "ANDROID_ADB_SERVER_PORT" else f"tcp:{theirs.address}")
    with closing(ServerConnection("phone", served._serial, None, WAIT_S)) as connection:
        assert HandsetShell("phone", connection).run("echo", "here").text == "here"


@pytest.mark.foreign
def test_a_server_that_is_killed_and_restarted(served: ServerConnection, theirs: TheirServer) -> None:
    """What is asked meanwhile is done once the server is back, which has forgotten the handset; the lease is kept."""
    shell = HandsetShell("phone", served)
    with lease.take("phone", shell, "we", "test", timeout_s=0, heartbeat_s=5, time_scale=1) as held:
        theirs.kill()
        starting = threading.Timer(0.5, theirs.start)
        starting.start()
        assert shell.run("echo", "again").text == "again"
        starting.join()
        assert held.held
        assert held.counter == 2
    assert holder.holder("phone", shell) is None


@pytest.mark.foreign
def test_a_server_that_stays_away(
    served: ServerConnection, theirs: TheirServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs breaks off at once; the next command tells what is missing after `RECONNECT_S`, later ones at once."""
    monkeypatch.setattr(module, "RECONNECT_S", 0.6)
    shell = HandsetShell("phone", served)
    with shell.stream("echo begun; sleep 60") as stream:
        assert stream.read_line(WAIT_S) == "begun"
        theirs.kill()
        assert stream.read_line(WAIT_S) is None
    for least, most in ((0.4, 2.0), (0.0, 0.4)):
        began = time.monotonic()
        with pytest.raises(HandsetError, match=rf"phone: no adb server answers at {theirs.address} \(start one"):
            shell.run("true")
        assert least <= time.monotonic() - began < most
    theirs.start()


@pytest.mark.foreign
def test_a_server_that_hangs(served: ServerConnection, theirs: TheirServer) -> None:
    """A command takes no longer than it may, and works again when the server does."""
    shell = HandsetShell("phone", served)
    assert theirs.pid is not None
    os.kill(theirs.pid, signal.SIGSTOP)
    try:
        with pytest.raises(DeadlineError, match=r"`true`: not done within 0\.5 s"):
            shell.run("true", timeout_s=0.5)
    finally:
        os.kill(theirs.pid, signal.SIGCONT)
    assert shell.run("echo", "back").text == "back"


@pytest.mark.foreign
def test_theirs_is_left_alone(served: ServerConnection, theirs: TheirServer) -> None:
    """A server that somebody else has started is the same one after us, though one of our own has come and gone."""
    before = theirs.pid
    with own_server(usb=False) as ours:
        assert seen_handsets(ours) == ()
        assert HandsetShell("phone", served).run("true").exit == 0
    ask(theirs.address, f"host-serial:{served._serial}:reconnect")
    assert theirs.pid == before is not None
    assert theirs.run("version").startswith("Android Debug Bridge version 1.0.41")
    assert theirs.pid == before


def test_a_fleet_has_more_descriptors_than_select_knows() -> None:
    """A stream above descriptor 1023 reads, writes and waits as any other."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 2048), hard), hard))
    near, far = socket.socketpair()
    with far, socket.socket(fileno=fcntl.fcntl(near.fileno(), fcntl.F_DUPFD, 1100)) as high:
        near.close()
        high.setblocking(False)
        stream = ServerStream("rack", high, "shell:")
        assert not stream.readable()
        with pytest.raises(DeadlineError, match="reading shell:"):
            stream.read(0.05)
        stream.write(b"there", WAIT_S)
        far.sendall(b"and back")
        assert (far.recv(100), stream.readable(), stream.read(WAIT_S)) == (b"there", True, b"and back")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
