"""A small HTTP/1.1 server: keep-alive, one request at a time on each connection.

It listens on the host's loopback (`start`), or serves the connections that a port of a handset gets (`serve`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import h11

from framework.virtual.system.pipes import Writer

MOST_BODY_BYTES = 8 << 20
MOST_CONNECTIONS = 256
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Request:
    """`path` without the query, `host` as the client's Host header has it, `""` without one."""

    method: str
    path: str
    body: bytes
    query: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """`body` is JSON in UTF-8."""

    status: int
    body: bytes


Handler = Callable[[Request], Awaitable[Response]]


class Incoming(Protocol):
    """What a client sends: at most `n` bytes, `b""` at its end."""

    async def read(self, n: int, /) -> bytes: ...


class _TooLargeError(Exception):
    """The body is larger than the server takes."""


class HttpServer:
    """Answers every request with `handle`, which must not raise. Bad HTTP costs only the connection it came on."""

    def __init__(self, handle: Handler, *, most_body_bytes: int = MOST_BODY_BYTES) -> None:
        self._handle = handle
        self._most_body_bytes = most_body_bytes
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on 127.0.0.1; returns the port."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def serve(self, reader: Incoming, writer: Writer) -> None:
        """Answer the requests of one connection until its client goes."""
        await _Connection(reader, writer, self._handle, self._most_body_bytes).serve()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= MOST_CONNECTIONS:
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                await self.serve(reader, _Socket(writer))
        finally:
            self._connections.discard(task)
            writer.close()


class _Socket:
    """A stream of asyncio as a Writer."""

    def __init__(self, stream: asyncio.StreamWriter) -> None:
        self._stream = stream

    async def write(self, data: bytes, /) -> None:
        self._stream.write(data)
        await self._stream.drain()


class _Connection:
    def __init__(self, reader: Incoming, writer: Writer, handle: Handler, most_body_bytes: int) -> None:
        self._reader = reader
        self._writer = writer
        self._handle = handle
        self._most_body_bytes = most_body_bytes
        self._http = h11.Connection(h11.SERVER)

    async def serve(self) -> None:
        try:
            while (request := await self._next_request()) is not None:
                await self._send(await self._handle(request))
                if self._http.our_state is not h11.DONE:
                    return
                self._http.start_next_cycle()
        except h11.RemoteProtocolError as error:
            await self._refuse(error.error_status_hint)
        except _TooLargeError:
            await self._refuse(413)

    async def _next_request(self) -> Request | None:
        """The next request; None when the client has gone."""
        head = await self._next_event()
        if not isinstance(head, h11.Request):
            return None
        body = bytearray()
        while isinstance(part := await self._next_event(), h11.Data):
            body += part.data
            if len(body) > self._most_body_bytes:
                raise _TooLargeError
        if not isinstance(part, h11.EndOfMessage):
            return None
        path, _, query = head.target.decode("latin-1").partition("?")
        host = next((value.decode("latin-1") for name, value in head.headers if name == b"host"), "")
        return Request(head.method.decode("ascii"), path, bytes(body), query, host)

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                await self._writer.write(self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            self._http.receive_data(await self._reader.read(_CHUNK))
        assert event is not h11.NEED_DATA
        return event  # type: ignore[return-value]  # NEED_DATA is a class of its own to mypy

    async def _send(self, response: Response) -> None:
        headers = [
            ("content-type", "application/json; charset=utf-8"),
            ("cache-control", "no-cache"),
            ("content-length", str(len(response.body))),
        ]
        head = self._http.send(h11.Response(status_code=response.status, headers=headers))
        body = self._http.send(h11.Data(data=response.body))
        end = self._http.send(h11.EndOfMessage())
        await self._writer.write((head or b"") + (body or b"") + (end or b""))

    async def _refuse(self, status: int) -> None:
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            await self._send(Response(status, b"{}"))
