"""The server: several clients, bad ones among them, and what is left of them."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.virtual.adb import connection
from framework.virtual.adb.connection import MAX_STREAMS
from framework.virtual.adb.events import Close, Connect, Data, Ready
from framework.virtual.adb.packet import MAX_PAYLOAD, VERSION, VERSION_MIN, Command, Packet, checksum, encode
from framework.virtual.adb.server import AdbServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Adbd, Host
    from framework.virtual.system.pipes import Pipe

GREETING = encode(Packet(Command.CNXN, VERSION, MAX_PAYLOAD, b"host::"))


def wire(command: int, arg0: int, arg1: int, payload: bytes = b"") -> bytes:
    return encode(Packet(command, arg0, arg1, payload, checksum(payload)))


def works(host: Host) -> bool:
    return host.ask(b"exec:echo alive") == b"alive\n"


def test_it_greets_with_the_banner_of_the_device(adbd: Adbd, host: Host) -> None:
    """What the device says of itself reaches the host."""
    assert host.banner == adbd.device.banner()


@pytest.mark.parametrize("step", [1, 7])
def test_bytes_may_come_one_by_one(adbd: Adbd, step: int) -> None:
    """The greeting and a command, cut into the smallest pieces, are answered as ever."""
    data = GREETING + wire(Command.OPEN, 1, 0, b"exec:echo slow\0")
    with socket.create_connection(("127.0.0.1", adbd.port), 10) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(data), step):
            client.sendall(data[start : start + step])
        answer = b""
        while b"slow\n" not in answer:
            answer += client.recv(4096)
    assert answer.startswith(b"CNXN")


def test_several_hosts_at_once(connect: Callable[..., Host]) -> None:
    """Each has streams and programs of its own."""
    hosts = [connect() for _ in range(8)]
    streams = [host.open(b"exec:cat") for host in hosts]
    for number, (host, stream) in enumerate(zip(hosts, streams, strict=True)):
        host.write(stream, b"%d" % number)
    answers = [host.read(stream) for host, stream in zip(hosts, streams, strict=True)]
    assert answers == [b"%d" % number for number in range(8)]


@pytest.mark.parametrize(
    "attack",
    [
        b"GET / HTTP/1.1\r\nHost: phone\r\n\r\n",
        struct.pack("<6I", Command.CNXN, VERSION, 4096, 0, 0, Command.CNXN),
        struct.pack("<6I", Command.CNXN, VERSION, 4096, MAX_PAYLOAD + 1, 0, Command.CNXN ^ 0xFFFFFFFF),
        encode(Packet(Command.CNXN, VERSION_MIN, 4096, b"host::", 1)),
        encode(Packet(Command.CNXN, VERSION, 0, b"host::")),
        GREETING + struct.pack("<6I", Command.WRTE, 1, 1, 0xFFFFFFFF, 0, Command.WRTE ^ 0xFFFFFFFF),
    ],
    ids=["not-adb", "magic", "oversize", "checksum", "no-payload", "oversize-online"],
)
def test_a_bad_peer_is_hung_up_on_and_costs_nobody_else(adbd: Adbd, host: Host, attack: bytes) -> None:
    """Its own connection ends; the one beside it does not notice."""
    with socket.create_connection(("127.0.0.1", adbd.port), 10) as peer:
        peer.sendall(attack)
        while True:
            try:
                if not peer.recv(4096):
                    break
            except ConnectionResetError:
                break
    assert works(host)


services = st.one_of(
    st.sampled_from([b"shell:", b"shell,v2,raw:cat", b"exec:cat", b"sync:", b"reverse:x", b"tcp:5", b"abb:cat"]),
    st.binary(max_size=20),
)
chunks = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.builds(lambda remote, name: wire(Command.OPEN, remote, 0, name), st.integers(0, 3), services),
        st.builds(
            lambda command, arg0, arg1, payload: wire(command, arg0, arg1, payload),
            st.sampled_from([Command.OKAY, Command.WRTE, Command.CLSE, Command.AUTH, 0]),
            st.integers(0, 3),
            st.integers(0, 3),
            st.binary(max_size=40),
        ),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=chunks, greet=st.booleans(), cut=st.integers(0, 60))
def test_no_noise_harms_the_server(shared_adbd: Adbd, noise: list[bytes], greet: bool, cut: int) -> None:
    """After any packets, whole and cut off, the server still serves, and what they started has ended."""
    with socket.create_connection(("127.0.0.1", shared_adbd.port), 10) as peer:
        data = (GREETING if greet else b"") + b"".join(noise)
        peer.sendall(data[: len(data) - cut])
    with socket.create_connection(("127.0.0.1", shared_adbd.port), 10) as peer:
        peer.sendall(GREETING)
        assert peer.recv(4).startswith(b"CNXN")
    shared_adbd.until(lambda: not shared_adbd.device.running)


def test_a_client_that_vanishes_takes_its_programs_along(adbd: Adbd, connect: Callable[..., Host]) -> None:
    """Programs are ended, whether they wait, talk or listen; those of others go on."""
    gone, stays = connect(), connect()
    for service in (b"exec:sleep 60", b"shell,v2,raw:cat", b"shell:yes", b"abb_exec:sleep\x0060"):
        gone.ask_for(service)
    kept = stays.open(b"exec:cat")
    adbd.until(lambda: len(adbd.device.running) == 5)
    gone.close()
    adbd.until(lambda: len(adbd.device.running) == 1)
    stays.write(kept, b"still here")
    assert stays.read(kept) == b"still here"


@pytest.mark.parametrize("service", [b"exec:sleep 60", b"shell,v2,raw:sleep 60"])
def test_a_closed_stream_ends_its_program_only(adbd: Adbd, host: Host, service: bytes) -> None:
    """CLSE is what Ctrl+C in `adb shell` amounts to."""
    first, second = host.open(service), host.open(b"exec:cat")
    adbd.until(lambda: len(adbd.device.running) == 2)
    host.say(Close(first))
    adbd.until(lambda: len(adbd.device.running) == 1)
    host.write(second, b"x")
    assert host.read(second) == b"x"


def test_a_reader_that_stops_holds_the_program_back(adbd: Adbd, host: Host) -> None:
    """Without OKAY nothing more comes: the program is blocked after what fits into pipes and one packet under way."""
    counter = adbd.root / "count"
    count = f"i=$((i+1)); echo $i > {counter}.new; mv {counter}.new {counter}"
    script = f"i=0; while :; do {count}; head -c 65536 /dev/zero; done"
    stream = host.open(b"exec:" + script.encode())
    assert isinstance(host.hear(), Data)
    seen = ""
    adbd.until(lambda: counter.exists())
    while (now := _settled(adbd, counter)) != seen:
        seen = now
    assert int(seen) * 65536 < 4 * MAX_PAYLOAD
    assert works_beside(host, stream)


def _settled(adbd: Adbd, counter: Path) -> str:
    """The counter once it has not moved for 100 polls."""
    history: list[str] = []

    def still() -> bool:
        history.append(counter.read_text())
        return len(history) > 100 and len(set(history[-100:])) == 1

    adbd.until(still)
    return history[-1]


def works_beside(host: Host, blocked: int) -> bool:
    """A new stream on the same connection is served although another one is stuck."""
    stream = host.open(b"exec:echo beside")
    return host.read(stream) == b"beside\n" and blocked != stream


def test_a_peer_that_asks_and_never_listens_is_not_read_any_more(
    adbd: Adbd, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refusals pile up to a limit, then the peer's own sending stalls; once it listens, all goes on."""
    monkeypatch.setattr(connection, "DATA_BACKLOG", 50_000)
    monkeypatch.setattr(connection, "REPLY_BACKLOG", 100_000)
    flood = b"".join(wire(Command.OPEN, number, 0, b"?") for number in range(1, 2000))
    sent = [0]

    def stalled() -> bool:
        """Whether the socket took nothing in 20 turns of the server's loop: it does not read."""
        with suppress(BlockingIOError):
            sent.append(sent[-1])
            while sent[-1] < 200_000_000:
                sent[-1] += peer.send(flood[sent[-1] % len(flood) :])
        return len(set(sent[-20:])) == 1 < len(sent)

    with socket.socket() as peer:
        for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            peer.setsockopt(socket.SOL_SOCKET, buffer, 65536)
        peer.connect(("127.0.0.1", adbd.port))
        peer.sendall(GREETING)
        peer.setblocking(False)
        adbd.until(stalled)
        assert sent[-1] < 50_000_000
        assert works(host)
        peer.setblocking(True)
        answers = len(encode(Packet(Command.CNXN, 0, 0, adbd.device.banner()))) + 24 * (sent[-1] // 25)
        while answers:
            answers -= len(peer.recv(min(answers, 1 << 18)))


def test_a_host_that_reads_late_gets_everything(adbd: Adbd, host: Host) -> None:
    """Two hundred streams talk at once to a host that does not listen yet; none loses a byte."""
    talking = [0]

    async def talk(reader: Pipe, writer: Pipe) -> None:
        talking[0] += 1
        await writer.write(bytes(150_000))

    async def listen() -> None:
        adbd.device.ports.listen(7, talk)

    adbd.call(listen())
    sizes = {host.ask_for(b"tcp:7"): 0 for _ in range(200)}
    adbd.until(lambda: talking[0] == len(sizes))
    closed = set[int]()
    while len(closed) < len(sizes):
        match event := host.hear():
            case Data():
                sizes[event.stream] += len(event.payload)
                host.say(Ready(event.stream))
            case Close():
                closed.add(event.stream)
    assert set(sizes.values()) == {150_000}


def test_a_host_that_starts_over_loses_what_it_had_started(adbd: Adbd, host: Host) -> None:
    """CNXN again, even in one breath with an OPEN: a clean connection, and no program is left."""
    host.open(b"exec:sleep 60")
    host.socket.sendall(wire(Command.OPEN, 9, 0, b"exec:sleep 60") + GREETING)
    adbd.until(lambda: not adbd.device.running)
    assert isinstance(host.hear(), Connect)


def test_a_write_without_bytes_is_acknowledged_and_means_nothing(host: Host) -> None:
    """It is not the end of the stream."""
    stream = host.open(b"exec:cat")
    host.write(stream, b"")
    host.write(stream, b"after")
    assert host.read(stream) == b"after"


def test_a_service_that_fails_closes_its_stream_only(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    """A mistake of the handset's is logged; the connection goes on."""
    assert host.ask(b"abb_exec:no-such-program") == b""
    assert "adb service b'abb_exec:no-such-program' failed" in caplog.text
    assert works(host)


def test_streams_of_one_connection_are_limited(host: Host) -> None:
    """As adbd's file descriptors are; the connection itself goes on."""
    streams = [host.open(b"sync:") for _ in range(MAX_STREAMS)]
    assert host.refused(b"sync:")
    host.say(Close(streams[-1]))
    while host.refused(b"sync:"):  # until the closed one has ended
        pass


def test_random_bytes_are_echoed_whole(host: Host) -> None:
    """A megabyte there and back, in packets of all sizes, comes back the same."""
    data = random.Random(1).randbytes(1 << 20)
    stream, got = host.open(b"exec:cat"), b""
    for start in range(0, len(data), 65536):
        host.write(stream, data[start : start + 65536])
        got += host.read_exactly(stream, 65536)
    assert got == data


def test_a_port_that_is_taken_is_an_error(adbd: Adbd) -> None:
    """start(port) on a used port raises OSError instead of sharing it."""
    with pytest.raises(OSError, match="Address already in use"):
        adbd.call(AdbServer(adbd.device).start(adbd.port))


def test_dropped_connections_are_gone_and_new_ones_are_taken(adbd: Adbd, connect: Callable[..., Host]) -> None:
    """What they had started ends; the port answers as before."""
    host = connect()
    host.open(b"exec:cat")
    adbd.call(_sync(adbd.server.drop))
    with pytest.raises((EOFError, ConnectionError)):
        host.hear()
    adbd.until(lambda: not adbd.device.running)
    assert connect().ask(b"exec:echo back") == b"back\n"


def test_while_it_is_away_connections_are_refused(adbd: Adbd, connect: Callable[..., Host]) -> None:
    """The port stays its own, and it comes back there; leaving or coming twice is once."""
    host = connect()
    for _ in range(2):
        adbd.call(_sync(adbd.server.leave))
    with pytest.raises((EOFError, ConnectionError)):
        host.hear()
    with pytest.raises(ConnectionRefusedError):
        connect()
    with pytest.raises(OSError, match="Address already in use"), socket.socket() as thief:
        thief.bind(("127.0.0.1", adbd.port))
    for _ in range(2):
        adbd.call(_sync(adbd.server.come_back))
    assert connect().ask(b"exec:echo back") == b"back\n"


def test_one_that_is_away_can_be_closed(adbd: Adbd) -> None:
    """Nothing is left listening, or bound."""
    server = AdbServer(adbd.device)
    port = adbd.call(server.start())
    adbd.call(_sync(server.leave))
    adbd.call(server.close())
    after = AdbServer(adbd.device)
    assert adbd.call(after.start(port)) == port
    adbd.call(after.close())


async def _sync(act: Callable[[], None]) -> None:
    """`act` in adbd's loop, and what it has begun."""
    act()
    await asyncio.sleep(0.01)
