"""One TCP connection of an adb host: the link's bytes to and from the socket, one task per stream."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ssl import SSLError
from typing import Protocol, cast

from framework.virtual.adb.adb_keys import TOKEN_BYTES
from framework.virtual.adb.authority import Authority
from framework.virtual.adb.device_port import DevicePort
from framework.virtual.adb.events import Auth, Close, Connect, Data, Event, Fault, Open, Ready, StartTls
from framework.virtual.adb.line import Line, Way
from framework.virtual.adb.link import Link
from framework.virtual.adb.packet import MAX_PAYLOAD, VERSION, AuthKind
from framework.virtual.adb.reverse import Reverses
from framework.virtual.adb.services import Service, find_service
from framework.virtual.adb.stream import Stream, cancel_once
from framework.virtual.adb.tls import Tls, begins_with_hello

_log = logging.getLogger(__name__)

MAX_STREAMS = 1024
"""Streams that one connection may have under way; adbd's limit is its file descriptors."""
DATA_BACKLOG = MAX_PAYLOAD
"""Bytes waiting in the socket above which streams wait with their data."""
REPLY_BACKLOG = 4 * MAX_PAYLOAD
"""Bytes waiting in the socket above which we stop reading: only a peer that asks and never listens gets here."""

_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class Adbd(Protocol):
    """What the connections of one handset share."""

    authority: Authority | None
    """Without it everybody is let in."""
    line: Line
    reverses: Reverses

    def drop(self) -> None:
        """End every connection."""


class Connection(asyncio.Protocol):
    """What is wrong on it ends it and nothing else; when it ends, everything it started is cancelled."""

    def __init__(self, name: str, device: DevicePort, adbd: Adbd, on_end: Callable[[Connection], None]) -> None:
        """`on_end` is called once the socket is closed and all that was started has ended."""
        line = self._line = adbd.line
        self.name = name
        self.reverses = adbd.reverses
        self.restart = adbd.drop
        self._in, self._out = Way(line, self._arrived), Way(line, self._leave)
        self.link = Link()
        self.congested = False
        self._device = device
        self._authority = adbd.authority
        self._token = b""
        self._offers_tls = False
        self._tls: Tls | None = None
        self._on_end = on_end
        self._lost = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._streams: dict[int, Stream] = {}

    # -- asyncio.Protocol ----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=DATA_BACKLOG)
        self._socket: socket.socket = transport.get_extra_info("socket")
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        if _QUICKACK is not None:  # the kernel takes it back again and again; a delayed ACK costs 40 ms
            self._socket.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        if not self._line.deaf:
            self._in.carry(data)

    def _arrived(self, data: bytes) -> None:
        if self._lost:
            return
        if self._offers_tls and self._tls is None and begins_with_hello(data):
            self._tls = Tls(early=True)
        self.link.receive(data if self._tls is None else self._decrypted(self._tls, data))
        while (event := self.link.next_event()) is not None:
            self._handle(event)
        self.flush()

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = True
        if self._authority is not None:
            self._authority.withdraw(self)
        self._drop_streams()
        for task in self._tasks:
            cancel_once(task)
        self._end_if_over()

    def pause_writing(self) -> None:
        self.congested = True

    def resume_writing(self) -> None:
        self.congested = False
        self._transport.resume_reading()
        for stream in tuple(self._streams.values()):
            stream.push()

    # -- for streams and the server ------------------------------------------------------------------------

    def flush(self) -> None:
        data = self.link.data_to_send()
        if data:
            self._out.carry(data if self._tls is None else self._tls.seal(data))

    def _leave(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)
            if self._transport.get_write_buffer_size() > REPLY_BACKLOG:
                self._transport.pause_reading()

    def abort(self) -> None:
        self._transport.abort()

    @asynccontextmanager
    async def ask(self, service: bytes) -> AsyncIterator[Stream]:
        """A service of the host's: the stream once it has answered, closed if it refused."""
        task = cast("asyncio.Task[None]", asyncio.current_task())
        number = self.link.fresh_stream()
        stream = Stream(number, self)
        self._tasks.add(task)
        try:
            if not self._lost and self.link.online:
                self._streams[number] = stream
                self.link.send(Open(number, service))
                self.flush()
                await stream.drain()
            else:
                stream.hang_up()
            yield stream
            await stream.drain()
        finally:
            self._streams.pop(number, None)
            stream.close()
            self._task_done(task)

    def stall(self) -> tuple[Stream, ...]:
        """Stall all streams that are open; these are they."""
        streams = tuple(self._streams.values())
        for stream in streams:
            stream.stall(stalled=True)
        return streams

    # -- events --------------------------------------------------------------------------------------------

    def _handle(self, event: Event) -> None:
        match event:
            case Connect():
                self._drop_streams()
                self._greet()
            case Auth():
                self._authenticate(event)
            case StartTls() if self._offers_tls and self._tls is None:
                self._tls = Tls()
                self.link.receive(self._decrypted(self._tls, self.link.take_rest()))
            case Open():
                self._open(event)
            case Ready():
                self._streams[event.stream].push()
            case Data():
                self._streams[event.stream].deliver(event.payload)
            case Close():
                self._streams.pop(event.stream).hang_up()
            case Fault():
                _log.info("dropping an adb connection: %s", event.reason)
                self.abort()

    def _greet(self) -> None:
        if self._authority is None or self._authority.policy == "open" or self._tls is not None:
            self._let_in()
        elif self._authority.policy == "tls":
            self._offers_tls = True
            self.link.send(StartTls())
        else:
            self._authority.withdraw(self)
            self._demand_signature()

    def _decrypted(self, tls: Tls, data: bytes) -> bytes:
        """What the client says in the clear; it is let in after the handshake (auth.cpp, adbd_auth_tls_handshake)."""
        shaken = tls.shaken
        try:
            said = tls.receive(data)
        except SSLError as error:
            _log.info("dropping an adb connection: %s", error)
            self.abort()
            return b""
        if answer := tls.data_to_send():
            self._out.carry(answer)
        if tls.shaken and not shaken:
            self._let_in()
        return said

    def _let_in(self) -> None:
        """Say who we are: the client is online."""
        self._token = b""
        self.link.send(Connect(VERSION, MAX_PAYLOAD, self._device.banner()))
        self.flush()

    def _demand_signature(self) -> None:
        self._token = secrets.token_bytes(TOKEN_BYTES)
        self.link.send(Auth(AuthKind.TOKEN, self._token))

    def _authenticate(self, event: Auth) -> None:
        """A signature that no remembered key made is answered with another token; adb.cpp, case A_AUTH."""
        if self._authority is None or not self._token:
            return
        if event.kind == AuthKind.RSAPUBLICKEY:
            self._authority.ask(event.payload, self, self._let_in)
        elif event.kind == AuthKind.SIGNATURE and self._authority.knows(self._token, event.payload):
            self._let_in()
        elif event.kind == AuthKind.SIGNATURE:
            self._demand_signature()

    def _open(self, event: Open) -> None:
        service = find_service(event.service, self._device, self) if len(self._tasks) < MAX_STREAMS else None
        if service is None:
            self.link.send(Close(event.stream))
            return
        self.link.send(Ready(event.stream))
        stream = self._streams[event.stream] = Stream(event.stream, self)
        task = asyncio.create_task(self._serve(event, service, stream))
        self._tasks.add(task)
        task.add_done_callback(self._task_done)

    async def _serve(self, event: Open, service: Service, stream: Stream) -> None:
        try:
            await service(stream)
            await stream.drain()
        except (BrokenPipeError, EOFError):
            pass  # the client is gone
        except Exception:
            _log.exception("adb service %r failed", event.service)
        finally:
            self._streams.pop(event.stream, None)
            stream.close()

    def _task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._end_if_over()

    def _end_if_over(self) -> None:
        if self._lost and not self._tasks:
            self._on_end(self)

    def _drop_streams(self) -> None:
        self.reverses.clear(self)
        for stream in self._streams.values():
            stream.hang_up()
        self._streams.clear()
