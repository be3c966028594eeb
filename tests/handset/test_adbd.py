"""Straight to adbd: what a connection does when its peer does not do its part."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.errors import DeadlineError, HandsetError, UsageError
from framework.handset import adbd, link
from framework.handset.adbd import AdbdConnection
from framework.handset.connection import Stream, StreamClosedError
from framework.handset.packets import AUTH, CLSE, CNXN, HEADER, OKAY, VERSION, WRTE, Packet, checksum, header
from framework.handset.shell import HandsetShell

WAIT_S = 5.0
OLD_VERSION = 0x01000000


class Peer:
    """The other end, which does what a test says."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.socket.settimeout(WAIT_S)

    def say(self, command: bytes, arg0: int, arg1: int, data: bytes = b"") -> None:
        self.socket.sendall(header(Packet(command, arg0, arg1, data), with_checksum=True) + data)

    def hear(self) -> tuple[bytes, int, int, bytes, int]:
        command, arg0, arg1, length, check, _ = HEADER.unpack(self._exactly(HEADER.size))
        return command, arg0, arg1, self._exactly(length), check

    def greet(self, version: int = VERSION, max_payload: int = 4096) -> None:
        assert self.hear()[0] == CNXN
        self.say(CNXN, version, max_payload, b"device::features=shell_v2")

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data


@contextmanager
def peer(act: Callable[[Peer], None]) -> Iterator[str]:
    """A server whose first client is served by `act`, in a thread; yields its address."""
    failures: list[BaseException] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                with server.accept()[0] as connected:
                    act(Peer(connected))
            except (EOFError, OSError):
                return
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.close()
        thread.join(WAIT_S)
    assert failures == []


def opened(address: str, timeout_s: float = WAIT_S) -> AdbdConnection:
    return AdbdConnection("phone", address, timeout_s)


def until_closed(other: Peer) -> None:
    while other.socket.recv(4096):
        pass


def test_nobody_listens() -> None:
    """A closed port is a HandsetError with the address, not a socket error."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(HandsetError, match=f"phone: no adbd answers at {address}"):
        opened(address)


def test_no_address() -> None:
    """An address without a port is the caller's mistake."""
    with pytest.raises(UsageError, match="is not HOST:PORT"):
        opened("localhost")


def test_a_silent_peer() -> None:
    """Somebody who takes the connection and says nothing costs no more than the deadline."""
    with peer(until_closed) as address, pytest.raises(DeadlineError):
        opened(address, 0.2)


def test_another_protocol() -> None:
    """A web server is not mistaken for a handset."""
    with (
        peer(lambda other: other.socket.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as address,
        pytest.raises(HandsetError, match="does not speak ADB"),
    ):
        opened(address)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_noise(noise: bytes) -> None:
    """Whatever comes instead of a handshake: a HandsetError, and no thread is left."""
    before = threading.active_count()
    with peer(lambda other: other.socket.sendall(noise)) as address, pytest.raises(HandsetError):
        opened(address, 2)
    assert threading.active_count() == before


def test_waiting_for_a_person() -> None:
    """A handset on whose screen nobody accepts the key is unauthorized, not silent."""

    class Key:
        def Sign(self, data: bytes) -> bytes:  # noqa: N802
            return data

        def GetPublicKey(self) -> bytes:  # noqa: N802
            return b"key"

    def ask_twice(other: Peer) -> None:
        other.hear()
        for _ in range(2):
            other.say(AUTH, 1, 0, b"t" * 20)
            other.hear()
        until_closed(other)

    with peer(ask_twice) as address, pytest.raises(HandsetError, match=r"unauthorized .accept this computer's key"):
        AdbdConnection("phone", address, 0.3, signer=Key)


def test_old_handsets_get_checksums() -> None:
    """A peer of the old version gets the sum that it verifies, a new one 0."""
    checks: list[bool] = []

    def answer(version: int) -> Callable[[Peer], None]:
        def act(other: Peer) -> None:
            other.greet(version)
            _, local, _, data, check = other.hear()
            checks.append(check == checksum(data))
            other.say(CLSE, 0, local)
            until_closed(other)

        return act

    for version in (OLD_VERSION, VERSION):
        with peer(answer(version)) as address, closing(opened(address)) as connection, pytest.raises(HandsetError):
            connection.open("shell:x", WAIT_S)
    assert checks == [True, False]


def test_writing_stops_and_waits() -> None:
    """No second packet is sent before the first is acknowledged, and none is longer than the peer can take."""
    heard: list[int] = []

    def act(other: Peer) -> None:
        other.greet(max_payload=4096)
        local = other.hear()[1]
        other.say(OKAY, 7, local)
        for more_to_come in (True, True, False):
            heard.append(len(other.hear()[3]))
            if more_to_come:
                other.socket.settimeout(0.1)
                with pytest.raises(TimeoutError):
                    other.socket.recv(1)
                other.socket.settimeout(WAIT_S)
            other.say(OKAY, 7, local)
        until_closed(other)

    with peer(act) as address, closing(opened(address)) as connection:
        stream = connection.open("exec:cat", WAIT_S)
        stream.write(bytes(10_000), WAIT_S)
        with pytest.raises(DeadlineError):
            stream.read(0.1)
    assert heard == [4096, 4096, 1808]


def test_a_peer_that_takes_nothing() -> None:
    """A write that is never acknowledged costs no more than its deadline."""

    def act(other: Peer) -> None:
        other.greet()
        other.say(OKAY, 7, other.hear()[1])
        until_closed(other)

    with peer(act) as address, closing(opened(address)) as connection:
        stream = connection.open("exec:cat", WAIT_S)
        with pytest.raises(DeadlineError, match="writing to exec:cat"):
            stream.write(bytes(5000), 0.2)


def test_a_peer_that_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the peer takes nothing off the wire the connection is given up, for everyone on it, and closes."""
    monkeypatch.setattr(link, "STALL_S", 0.3)
    done = threading.Event()

    def act(other: Peer) -> None:
        other.greet(max_payload=1 << 20)
        for _ in range(2):
            other.say(OKAY, 7, other.hear()[1])
        while not done.wait(0.005):
            other.say(OKAY, 7, 1)

    with peer(act) as address, closing(opened(address)) as connection:
        streams = [connection.open("exec:cat", WAIT_S) for _ in range(2)]
        with pytest.raises(DeadlineError, match=r"sending to .*: not done within 0\.3 s"):
            _write_much(streams[0])
        with pytest.raises(HandsetError):
            streams[1].read(WAIT_S)
        done.set()


def _write_much(stream: Stream) -> None:
    for _ in range(100):
        stream.write(bytes(1 << 20), WAIT_S)


def test_a_stream_ended_by_the_handset() -> None:
    """What came before the end can be read, then nothing; writing says that the stream is closed."""

    def act(other: Peer) -> None:
        other.greet()
        local = other.hear()[1]
        other.say(OKAY, 7, local)
        other.say(WRTE, 7, local, b"last words")
        other.say(CLSE, 7, local)
        until_closed(other)

    with peer(act) as address, closing(opened(address)) as connection:
        stream = connection.open("exec:x", WAIT_S)
        assert [stream.read(WAIT_S), stream.read(WAIT_S), stream.read(WAIT_S)] == [b"last words", b"", b""]
        assert stream.readable()
        with pytest.raises(StreamClosedError):
            stream.write(b"x", WAIT_S)


def test_the_connection_dies_in_mid_stream() -> None:
    """Every open stream, and whoever waits on it, gets a HandsetError that says so."""

    def act(other: Peer) -> None:
        other.greet()
        for remote in (7, 8):
            other.say(OKAY, remote, other.hear()[1])
        other.socket.recv(1)

    with peer(act) as address, closing(opened(address)) as connection:
        streams = [connection.open(f"exec:{n}", WAIT_S) for n in range(2)]
        streams[0].write(b"x", WAIT_S)
        for stream in streams:
            with pytest.raises(HandsetError, match=r"the connection to .* is gone"):
                stream.read(WAIT_S)


def test_an_idle_connection_that_died_is_made_anew(straight: AdbdConnection, restart: Callable[[], None]) -> None:
    """Between two commands the handset may drop the connection; the next command does not notice."""
    shell = HandsetShell("phone", straight)
    assert shell.run("printf", "1").text == "1"
    with shell.stream("sleep 1000") as stream:
        restart()
        with pytest.raises(HandsetError):
            stream.read_line(WAIT_S)
    assert shell.run("printf", "2").text == "2"


def test_an_adbd_that_is_away_for_a_moment_is_awaited() -> None:
    """Connections are refused for a while: the next stream is opened when they are taken again."""
    ports: list[int] = []
    back = threading.Event()

    def serve() -> None:
        for number in range(2):
            with socket.create_server(("127.0.0.1", ports[0] if ports else 0)) as server:
                ports.append(server.getsockname()[1])
                back.set()
                with server.accept()[0] as connected:
                    other = Peer(connected)
                    other.greet()
                    if number == 1:
                        _, stream, *_ = other.hear()
                        other.say(OKAY, 7, stream)
                        until_closed(other)
            threading.Event().wait(0.5)  # the port is closed: that is what is tested, not waited for

    thread = threading.Thread(target=serve)
    thread.start()
    assert back.wait(WAIT_S)
    with closing(opened(f"127.0.0.1:{ports[0]}")) as connection:
        ends = time.monotonic() + WAIT_S
        while not connection._link.broken:
            assert time.monotonic() < ends
        connection.open("shell:", WAIT_S).close()
    thread.join(WAIT_S)


def test_a_connection_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that does not even answer an OPEN is dead: whoever waits on it is told, and the next stream connects anew."""
    monkeypatch.setattr(adbd, "SILENT_S", 0.2)

    def act(other: Peer) -> None:
        other.greet()
        other.say(OKAY, 7, other.hear()[1])
        until_closed(other)

    with peer(act) as address, closing(opened(address)) as connection:
        stream = connection.open("exec:first", WAIT_S)
        with pytest.raises(DeadlineError, match="opening exec:second: no answer within"):
            connection.open("exec:second", WAIT_S)
        with pytest.raises(DeadlineError, match="opening exec:second"):
            stream.read(WAIT_S)
        assert connection._link.broken is not None


def test_closing_ends_the_threads(straight: AdbdConnection) -> None:
    """No thread of a connection is left, and using it afterwards is a HandsetError."""
    straight.open("exec:sleep 1000", WAIT_S)
    straight.close()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("adbd ")] == []
    with pytest.raises(HandsetError, match="was closed"):
        straight.open("exec:true", WAIT_S)
