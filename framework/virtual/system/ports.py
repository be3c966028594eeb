"""The handset's own TCP ports on its loopback: a space of their own, apart from the host's."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from framework.virtual.system.pipes import Pipe

_log = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[Pipe, Pipe], Awaitable[None]]
"""Serves one connection: reads from the first pipe, writes to the second; both are closed when it returns."""


class Listener:
    """A listening port, until `close`."""

    def __init__(self, port: int, handler: Handler, on_close: Callable[[Listener], None]) -> None:
        self.port = port
        self._handler = handler
        self._on_close = on_close
        self._connections: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """Free the port and end its connections, as when the program that listens is killed."""
        self._on_close(self)
        for task in self._connections:
            task.cancel()

    def accept(self, reader: Pipe, writer: Pipe) -> None:
        """Serve a new connection in a task of its own."""

        def done(task: asyncio.Task[None]) -> None:
            self._connections.discard(task)
            writer.close_write()
            reader.close_read()

        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(done)

    async def _serve(self, reader: Pipe, writer: Pipe) -> None:
        try:
            await self._handler(reader, writer)
        except BrokenPipeError:
            pass  # the other side has gone
        except Exception:
            _log.exception("the server on device port %d failed", self.port)


class DevicePorts:
    """Who listens where on one handset."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}

    def listen(self, port: int, handler: Handler) -> Listener:
        """Serve `port` (1 to 65535) with `handler`. OSError with EADDRINUSE if somebody else does."""
        if not 0 < port < 65536:
            raise ValueError(f"{port} is no TCP port")
        if port in self._listeners:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        listener = Listener(port, handler, self._forget)
        self._listeners[port] = listener
        return listener

    def all(self) -> list[int]:
        """The ports that somebody serves."""
        return sorted(self._listeners)

    def listening(self, port: int) -> bool:
        """Whether somebody serves `port`."""
        return port in self._listeners

    def connect(self, port: int) -> tuple[Pipe, Pipe]:
        """A new connection: what to read from, what to write to. ConnectionRefusedError if nobody listens."""
        listener = self._listeners.get(port)
        if listener is None:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        inward, outward = Pipe(), Pipe()
        listener.accept(inward, outward)
        return outward, inward

    def close(self) -> None:
        """Close all listeners."""
        for listener in tuple(self._listeners.values()):
            listener.close()

    def _forget(self, listener: Listener) -> None:
        if self._listeners.get(listener.port) is listener:
            del self._listeners[listener.port]
