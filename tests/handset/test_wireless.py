"""Wireless debugging: adbd speaks TLS, which an adb server does and the way straight to adbd does not."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from random import Random

import pytest

from framework.contract.capabilities import Target
from framework.contract.errors import HandsetError
from framework.handset.adb_server import ServerClient
from framework.handset.adbd import AdbdConnection
from framework.handset.handset import open_handset
from framework.handset.packets import CNXN, STLS
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

DEADLINE_S = 20


@pytest.fixture(scope="module")
def wireless() -> Iterator[VirtualEndpoint]:
    with virtual_handsets([VirtualRequest("air", "xiaomi-13", auth="tls")]) as started:
        yield started.endpoint("air")


def test_the_straight_way_says_that_it_cannot_and_what_to_do(wireless: VirtualEndpoint) -> None:
    """At once, and with the commands and the lines of devices.yaml that help."""
    with pytest.raises(HandsetError, match="air: its adbd asks for TLS") as caught:
        AdbdConnection("air", wireless.adb, DEADLINE_S)
    assert [word in str(caught.value) for word in ("adb pair", "adb connect", "kind: usb", "serial:")] == [True] * 4


@pytest.mark.foreign
def test_an_adb_server_speaks_tls(wireless: VirtualEndpoint, adb_server: str) -> None:
    """The real adb connects, and the farm works through it: commands with their status, files both ways, a lease."""
    host, _, port = adb_server.partition(":")
    client = ServerClient(host, int(port))
    assert "connected to" in client.connect(wireless.adb, timeout=DEADLINE_S)
    content = Random(7).randbytes(3_000_000)
    try:
        with open_handset(Target("air", serial=wireless.adb, adb_server=adb_server)) as handset:
            assert handset.shell.run("sh", "-c", "echo heard; exit 7").exit == 7
            handset.files.push(content, "/data/local/tmp/big")
            assert handset.files.sha256("/data/local/tmp/big") == sha256(content).hexdigest()
            assert handset.files.read("/data/local/tmp/big") == content
            with handset.lease("tests", "TLS", prepare=True) as held:
                assert held.held
    finally:
        client.disconnect(wireless.adb)


def test_what_is_no_tls_ends_its_own_connection_only(wireless: VirtualEndpoint) -> None:
    """Whoever agrees to TLS and then talks in the clear is dropped; the next is asked as before."""
    host, _, port = wireless.adb.partition(":")
    for _ in range(2):
        with socket.create_connection((host, int(port)), timeout=DEADLINE_S) as peer:
            peer.sendall(packet(CNXN, 0x01000001, 4096, b"host::\0"))
            assert peer.recv(24, socket.MSG_WAITALL)[:4] == STLS
            peer.sendall(packet(STLS, 0x01000000, 0, b"") + b"in the clear" * 10)
            with suppress(ConnectionResetError):
                while peer.recv(4096):  # an alert, perhaps, and the end
                    pass


@pytest.mark.parametrize("early", [False, True])
def test_a_hello_that_overtakes_its_announcement_is_heard(wireless: VirtualEndpoint, early: bool) -> None:
    """adb agrees to TLS in one thread and begins it in another: in whichever order they write."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing)
    with suppress(ssl.SSLWantReadError):
        client.do_handshake()
    first = [packet(STLS, 0x01000000, 0, b""), outgoing.read()]
    host, _, port = wireless.adb.partition(":")
    with socket.create_connection((host, int(port)), timeout=DEADLINE_S) as peer:
        peer.sendall(packet(CNXN, 0x01000001, 4096, b"host::\0"))
        assert peer.recv(24, socket.MSG_WAITALL)[:4] == STLS
        for part in reversed(first) if early else first:
            peer.sendall(part)
        said = b""
        while len(said) < 24:
            incoming.write(peer.recv(65536))
            with suppress(ssl.SSLWantReadError):
                client.do_handshake()
                peer.sendall(outgoing.read())
                said += client.read(65536)
        assert said[:4] == CNXN


def packet(command: bytes, arg0: int, arg1: int, payload: bytes) -> bytes:
    word = int.from_bytes(command, "little")
    words = (word, arg0, arg1, len(payload), sum(payload), word ^ 0xFFFFFFFF)
    return b"".join(word.to_bytes(4, "little") for word in words) + payload
