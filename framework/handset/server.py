"""Through an adb server, local or HOST:PORT, with adbutils. No server is ever started or killed here."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

from adbutils import AdbConnection, AdbError
from adbutils.errors import AdbTimeout

from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.adb_server import (
    connect,
    connect_handset,
    disconnect_handset,
    server_address,
    words_of,
)
from framework.handset.connection import Deadline, StreamClosedError, told
from framework.handset.ladder import RECONNECT, SERVER, Link, Mends, Situation, link_of, server_step
from framework.handset.states import ONLINE, mend_for, said_by_server, state_of

T = TypeVar("T")

RECONNECT_S = RECONNECT.within_s + SERVER.within_s
"""adb finds a handset on USB again within about a second of its start, one on TCP that was away within 11 s."""
_RETRY_S = 0.1
_READ_SIZE = 64 * 1024


class ServerStream:
    """One service, on a socket of its own."""

    def __init__(self, handset: str, connected: socket.socket, service: str) -> None:
        self._handset, self._socket = handset, connected
        self._service = told(service)
        self._writing = threading.Lock()
        self._closed = False

    def read(self, timeout_s: float) -> bytes:
        try:
            read = partial(self._socket.recv, _READ_SIZE)
            return self._done(read, select.POLLIN, timeout_s, time.monotonic() + timeout_s)
        except (OSError, ValueError) as error:
            if self._closed:
                return b""
            raise HandsetError(self._handset, f"{self._service} broke off: {error}") from error

    def write(self, data: bytes | memoryview, timeout_s: float) -> None:
        ends, rest = time.monotonic() + timeout_s, memoryview(data)
        with self._writing:
            while rest:
                try:
                    rest = rest[self._done(partial(self._socket.send, rest), select.POLLOUT, timeout_s, ends) :]
                except (OSError, ValueError) as error:
                    raise StreamClosedError(self._handset, f"{self._service} was ended by the handset") from error

    def readable(self) -> bool:
        return self._closed or self._is_ready(0, select.POLLIN)

    def close(self) -> None:
        self._closed = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _done(self, act: Callable[[], T], event: int, timeout_s: float, ends: float) -> T:
        """What `act` gives as soon as the socket lets it, at once where it does: a wait costs a call of its own.

        DeadlineError, which tells of `timeout_s`, when the socket is not ready until `ends`; ValueError when another
        thread has closed it.
        """
        while True:
            with suppress(BlockingIOError):
                return act()
            if not self._is_ready(max(0.0, ends - time.monotonic()), event):
                doing = "reading" if event == select.POLLIN else "writing to"
                raise DeadlineError(self._handset, f"{doing} {self._service}: no answer within {timeout_s:g} s")

    def _is_ready(self, timeout_s: float, event: int) -> bool:
        """By poll, for select knows no descriptor above 1023: a fleet in one process has more."""
        poll = select.poll()
        poll.register(self._socket, event)
        return bool(poll.poll(timeout_s * 1000))


class ServerConnection:
    """The way to the handset `serial` through the adb server at `address` (None: the local one).

    A server that was restarted, or a handset that it has lost for a moment, is back after a while: both are waited for
    until `RECONNECT_S` after the loss was noticed, and a handset on TCP is connected again where the server has
    forgotten it; a server of our own (`ours`) is also told to let go of one that it shows as offline for long. From
    then on every `open` tries once. A service that was already asked for is never asked for again: the handset may
    have begun it.
    """

    def __init__(
        self,
        handset: str,
        serial: str,
        address: str | None,
        timeout_s: float,
        *,
        ours: bool = False,
        mends: Mends | None = None,
    ) -> None:
        self._handset, self._serial, self._address = handset, serial, address
        self._host, self._port = server_address(address)
        self._mends = mends or Mends()
        self._situation = Situation(server=True, ours=ours, tcp=":" in serial)
        self._reconnecting = threading.Lock()
        self._lost_at: float | None = None
        self._closed = False
        self._features = self._ask_features(timeout_s)

    @property
    def features(self) -> frozenset[str]:
        return self._features

    def open(self, service: str, timeout_s: float) -> ServerStream:
        deadline = Deadline(timeout_s, self._handset, f"opening {told(service)}")
        connection = self._transport(deadline)
        try:
            self._command(connection, service)
        except BaseException:
            connection.conn.close()
            raise
        connection.conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.conn.setblocking(False)
        return ServerStream(self._handset, connection.conn, service)

    def close(self) -> None:
        """Each stream has a connection of its own; there is nothing else to close."""
        self._closed = True

    # -- the way to the handset ------------------------------------------------------------------------------------

    def _transport(self, deadline: Deadline) -> AdbConnection:
        """A connection that leads to the handset; one thread at a time waits for what is away."""
        try:
            connection = self._transport_now(deadline.remaining())
        except HandsetError:
            with self._reconnecting:
                connection = self._transport_again(deadline)
        self._lost_at = None
        return connection

    def _transport_again(self, deadline: Deadline) -> AdbConnection:
        now = time.monotonic()
        noticed, self._lost_at = self._lost_at is None, self._lost_at or now
        ends = min(self._lost_at + RECONNECT_S, now + deadline.remaining())
        why = ""
        while True:
            try:
                connection = self._transport_now(max(ends - time.monotonic(), _RETRY_S))
            except HandsetError as error:
                why = error.what
                if self._closed or time.monotonic() + _RETRY_S > ends:
                    if noticed:
                        self._mends.note(SERVER.name, time.monotonic() - now, why, worked=False)
                    raise
                self._ask_server(link_of(error), ends)
            else:
                if why:
                    self._mends.note(SERVER.name, time.monotonic() - now, why)
                return connection
            time.sleep(_RETRY_S)

    def _ask_server(self, link: Link, ends: float) -> None:
        """What the server does not do by itself: see `ladder.server_step`."""
        step = server_step(replace(self._situation, link=link))
        lost_s = time.monotonic() - (self._lost_at or time.monotonic())
        if step == "wait" or (step == "disconnect and connect" and lost_s < RECONNECT.within_s):
            return
        with suppress(HandsetError):
            if step == "disconnect and connect":
                disconnect_handset(self._address, self._serial)
            within_s = max(ends - time.monotonic(), _RETRY_S)
            connect_handset(self._handset, self._address, self._serial, timeout_s=within_s)

    def _transport_now(self, timeout_s: float) -> AdbConnection:
        connection = connect(self._handset, self._host, self._port, timeout_s)
        try:
            self._command(connection, f"host:transport:{self._serial}")
        except BaseException:
            connection.conn.close()
            raise
        return connection

    def _ask_features(self, timeout_s: float) -> frozenset[str]:
        """Of a handset that is up: one in its recovery, say, takes commands too, but is of no use."""
        state = state_of(self._host_service("get-state", timeout_s))
        if state != ONLINE:
            what = f"the adb server says that it is in state {state}"
            raise HandsetError(self._handset, what, mend_for(state), state)
        return frozenset(self._host_service("features", timeout_s).split(",")) - {""}

    def _host_service(self, service: str, timeout_s: float) -> str:
        """What the server says of the handset."""
        connection = connect(self._handset, self._host, self._port, timeout_s)
        try:
            self._command(connection, f"host-serial:{self._serial}:{service}")
            return str(connection.read_string_block())
        except (AdbError, OSError, ValueError) as error:
            raise self._error(error) from error
        finally:
            connection.conn.close()

    def _command(self, connection: AdbConnection, command: str) -> None:
        try:
            connection.send_command(command)
            connection.check_okay()
        except AdbTimeout as error:
            raise DeadlineError(self._handset, f"the adb server does not answer to {told(command)!r}") from error
        except (AdbError, OSError) as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> HandsetError:
        return said_by_server(self._handset, words_of(error))
