"""Through an adb server: what it says of handsets, and that none is ever started."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from framework.contract.errors import DeadlineError, HandsetError, UsageError
from framework.handset.connection import StreamClosedError
from framework.handset.server import SeenHandset, ServerConnection, seen_handsets, server_address

WAIT_S = 5.0


@contextmanager
def answering(answers: Mapping[str, bytes]) -> Iterator[str]:
    """An adb server that gives each command its answer, and silence where there is none; yields its address."""

    def serve(connected: socket.socket) -> None:
        with connected:
            while head := connected.recv(4):
                answer = answers.get(connected.recv(int(head, 16)).decode())
                if answer is not None:
                    connected.sendall(answer)

    def accept() -> None:
        while True:
            try:
                connected, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connected,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def block(text: str) -> bytes:
    return f"{len(text):04x}{text}".encode()


@pytest.mark.parametrize(
    ("said", "what", "mend"),
    [
        ("device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\n", "device unauthorized.", "accept"),
        ("device still authorizing", "device still authorizing", "accept"),
        ("device offline", "device offline", "unplug"),
        ("device 'X1' not found", "device 'X1' not found", "plugged in"),
        ("insufficient permissions for device: user in plugdev group", "insufficient permissions", "udev"),
        ("closed", "closed", ""),
    ],
)
def test_handsets_that_cannot_be_reached(said: str, what: str, mend: str) -> None:
    """Each word of adb's becomes a HandsetError with the handset's name and what to do."""
    with (
        answering({"host-serial:X1:features": b"FAIL" + block(said)}) as address,
        pytest.raises(HandsetError) as caught,
    ):
        ServerConnection("bench", "X1", address, WAIT_S)
    assert caught.value.handset == "bench"
    assert caught.value.what.startswith(what)
    assert mend in caught.value.mend


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no server answers, that is said, and none is started."""
    started: list[object] = []
    monkeypatch.setattr("adbutils._adb.subprocess.run", lambda *args, **_: started.append(args))
    with socket.create_server(("127.0.0.1", 0)) as closing:
        address = f"127.0.0.1:{closing.getsockname()[1]}"
    for ask in (
        lambda: ServerConnection("bench", "X1", address, WAIT_S),
        lambda: seen_handsets(address),
    ):
        with pytest.raises(
            HandsetError, match=rf"no adb server answers at {address} \(start one with `adb start-server`"
        ):
            ask()
    assert started == []


def test_a_silent_server() -> None:
    """A server that does not answer costs no more than the deadline."""
    with answering({}) as address, pytest.raises(DeadlineError, match="does not answer"):
        ServerConnection("bench", "X1", address, 0.2)


def test_the_handset_is_lost_between_two_commands() -> None:
    """A handset that was there and is gone is told by what the server says then."""
    answers = {
        "host-serial:X1:features": b"OKAY" + block("shell_v2"),
        "host:transport:X1": b"FAIL" + block("device offline"),
    }
    with answering(answers) as address:
        connection = ServerConnection("bench", "X1", address, WAIT_S)
        with pytest.raises(HandsetError, match="bench: device offline"):
            connection.open("shell:true", WAIT_S)


def test_a_stream_that_is_cut() -> None:
    """The end of the server's socket is the end of the stream."""
    answers = {
        "host-serial:X1:features": b"OKAY" + block("shell_v2"),
        "host:transport:X1": b"OKAY",
        "exec:x": b"OKAYlast words",
    }
    with answering(answers) as address:
        stream = ServerConnection("bench", "X1", address, WAIT_S).open("exec:x", WAIT_S)
        assert stream.read(WAIT_S) == b"last words"
        with pytest.raises(DeadlineError, match=r"reading exec:x: no answer within 0\.1 s"):
            stream.read(0.1)
        stream.close()
        assert stream.read(WAIT_S) == b""
        assert stream.readable()
        with pytest.raises(StreamClosedError):
            stream.write(b"x", WAIT_S)


def test_handsets_are_listed() -> None:
    """Serial, state and the mend, as `adb devices` lists them."""
    listed = "X1\tdevice\n10.0.0.7:5555\toffline\nX2\tno permissions (missing udev rules? user is in plugdev); see …\n"
    with answering({"host:devices": b"OKAY" + f"{len(listed.encode()):04x}{listed}".encode()}) as address:
        found = seen_handsets(address)
    assert [(seen.serial, bool(seen.mend)) for seen in found] == [("X1", False), ("10.0.0.7:5555", True), ("X2", True)]
    assert found[0] == SeenHandset("X1", "device")


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


@pytest.mark.parametrize(
    ("address", "environment", "expected"),
    [
        ("10.0.0.1:5038", {"ADB_SERVER_SOCKET": "tcp:localhost:1"}, ("10.0.0.1", 5038)),
        (None, {}, ("127.0.0.1", 5037)),
        (None, {"ANDROID_ADB_SERVER_PORT": "5099"}, ("127.0.0.1", 5099)),
        (None, {"ADB_SERVER_SOCKET": "tcp:localhost:5100"}, ("localhost", 5100)),
        (None, {"ADB_SERVER_SOCKET": "tcp:5101"}, ("127.0.0.1", 5101)),
    ],
)
def test_addresses(
    monkeypatch: pytest.MonkeyPatch, address: str | None, environment: Mapping[str, str], expected: tuple[str, int]
) -> None:
    """A given address counts, then what adb itself takes from the environment."""
    for name in ("ADB_SERVER_SOCKET", "ANDROID_ADB_SERVER_PORT", "ANDROID_ADB_SERVER_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert server_address(address) == expected


def test_no_address() -> None:
    """An address without a port is the caller's mistake."""
    with pytest.raises(UsageError, match="is no address of an adb server"):
        server_address("localhost")
