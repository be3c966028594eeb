"""The handset's own TCP ports on its loopback, and its UNIX sockets: a space of their own, apart from the host's."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from framework.virtual.system.pipes import Pipe

_log = logging.getLogger(__name__)

Address: TypeAlias = int | str
"""A TCP port, or the name of a UNIX socket: a path, or `@` and a name in the abstract namespace."""

EPHEMERAL_PORTS = range(32768, 61000)
"""What Linux chooses from where no port is asked for (net.ipv4.ip_local_port_range)."""

Handler: TypeAlias = Callable[[Pipe, Pipe], Awaitable[None]]
"""Serves one connection: reads from the first pipe, writes to the second; both are closed when it returns."""


class Listener:
    """A listening socket, until `close`."""

    def __init__(self, address: Address, handler: Handler, on_close: Callable[[Listener], None]) -> None:
        self.address = address
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
            _log.exception("the server on device port %s failed", self.address)


class DevicePorts:
    """Who listens where on one handset."""

    def __init__(self) -> None:
        self._listeners: dict[Address, Listener] = {}

    def listen(self, address: Address, handler: Handler) -> Listener:
        """Serve `address` with `handler`; port 0 is a free one. OSError with EADDRINUSE if somebody else does."""
        if isinstance(address, int) and not 0 <= address < 65536:
            raise ValueError(f"{address} is no TCP port")
        if address in self._listeners:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        if address == 0:
            address = next(port for port in EPHEMERAL_PORTS if port not in self._listeners)
        listener = Listener(address, handler, self._forget)
        self._listeners[address] = listener
        return listener

    def all(self) -> list[int]:
        """The TCP ports that somebody serves."""
        return sorted(address for address in self._listeners if isinstance(address, int))

    def sockets(self) -> list[str]:
        """The UNIX sockets that somebody serves."""
        return sorted(address for address in self._listeners if isinstance(address, str))

    def listening(self, address: Address) -> bool:
        """Whether somebody serves `address`."""
        return address in self._listeners

    def connect(self, address: Address) -> tuple[Pipe, Pipe]:
        """A new connection: what to read from, what to write to. ConnectionRefusedError if nobody listens."""
        listener = self._listeners.get(address)
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
        if self._listeners.get(listener.address) is listener:
            del self._listeners[listener.address]
