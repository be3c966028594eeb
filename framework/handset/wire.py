"""ADB packets over TCP, on adb-shell's transport."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from adb_shell.exceptions import TcpTimeoutException
from adb_shell.transport.tcp_transport import TcpTransport

from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.connection import Deadline
from framework.handset.packets import HEADER, Packet, header, read_header

_KEEP_ALIVE = ((socket.TCP_KEEPIDLE, 10), (socket.TCP_KEEPINTVL, 5), (socket.TCP_KEEPCNT, 3))
"""A peer that vanished without a word is noticed after 25 s, also on an idle connection."""

_SENT_AT_ONCE = 16 * 1024
"""Up to here copying the data behind its header costs less than a second call."""


class QuickTcpTransport(TcpTransport):  # type: ignore[misc]  # adb-shell has no types
    """adb-shell's transport without its 40 ms: adbd answers in two small packets, which Nagle's algorithm holds back
    until the first is acknowledged, so acknowledgements must not be delayed (TCP_NODELAY alone does not help)."""

    def connect(self, transport_timeout_s: float) -> None:
        super().connect(transport_timeout_s)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _KEEP_ALIVE:
            self._connection.setsockopt(socket.IPPROTO_TCP, option, value)

    def bulk_read(self, numbytes: int, transport_timeout_s: float | None) -> bytes:
        data: bytes = super().bulk_read(numbytes, transport_timeout_s)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return data

    def interrupt(self) -> None:
        """End a read that waits in another thread; the socket itself stays open until `close`."""
        if self._connection is not None:
            with suppress(OSError):  # the peer was faster
                self._connection.shutdown(socket.SHUT_RDWR)


class Wire:
    """Whole packets in both directions: one thread may receive while any number send."""

    def __init__(self, handset: str, host: str, port: int, timeout_s: float) -> None:
        self._handset, self._place = handset, f"{host}:{port}"
        self._transport = QuickTcpTransport(host, port)
        self._sending = threading.Lock()
        self._closed = False
        self.with_checksum = True
        """Until the peer has said that it needs none."""
        try:
            self._transport.connect(timeout_s)
        except OSError as error:
            raise HandsetError(
                handset, f"no adbd answers at {self._place}: {error}", "is it on, and is `adb tcpip` set?"
            ) from error

    def send(self, packet: Packet, timeout_s: float) -> None:
        """HandsetError or DeadlineError; after either, the other side may hold half a packet: give up the wire."""
        deadline = Deadline(timeout_s, self._handset, f"sending to {self._place}")
        if not self._sending.acquire(timeout=timeout_s):
            raise deadline.error()
        try:
            if self._closed:
                raise self._gone("it was closed")
            head = header(packet, with_checksum=self.with_checksum)
            if len(packet.data) <= _SENT_AT_ONCE:
                self._send_bytes(head + packet.data, deadline)
            else:
                self._send_bytes(head, deadline)
                self._send_bytes(packet.data, deadline)
        finally:
            self._sending.release()

    def receive(self, timeout_s: float | None) -> Packet:
        """The next packet; HandsetError when the connection ended, DeadlineError when nothing came in time."""
        try:
            packet, length = read_header(self._exactly(HEADER.size, timeout_s))
        except ValueError as error:
            raise HandsetError(self._handset, f"{self._place} does not speak ADB: {error}") from error
        if not length:
            return packet
        return Packet(packet.command, packet.arg0, packet.arg1, self._exactly(length, timeout_s))

    def interrupt(self) -> None:
        self._transport.interrupt()

    def close(self) -> None:
        """Not while another thread is sending: `interrupt` first, which ends that."""
        with self._sending:
            self._closed = True
            self._transport.close()

    def _send_bytes(self, data: bytes | memoryview, deadline: Deadline) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._transport.bulk_write(rest, deadline.remaining()) :]
            except TcpTimeoutException as error:
                raise deadline.error() from error
            except OSError as error:
                raise self._gone(error) from error

    def _exactly(self, size: int, timeout_s: float | None) -> bytes:
        pieces: list[bytes] = []
        missing = size
        while missing:
            piece = self._piece(missing, timeout_s)
            pieces.append(piece)
            missing -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, size: int, timeout_s: float | None) -> bytes:
        try:
            data = self._transport.bulk_read(size, timeout_s)
        except TcpTimeoutException as error:
            raise DeadlineError(self._handset, f"{self._place} is silent for {timeout_s:g} s") from error
        except OSError as error:
            raise self._gone(error) from error
        if not data:
            raise self._gone("the handset closed it")
        return data

    def _gone(self, why: object) -> HandsetError:
        mend = "is its cable, or its network, all right?"
        return HandsetError(self._handset, f"the connection to {self._place} is gone: {why}", mend)
