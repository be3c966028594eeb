"""adbd of one handset on a loopback TCP port."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Callable

from framework.virtual.adb.authority import Authority
from framework.virtual.adb.connection import Connection
from framework.virtual.adb.device_port import DevicePort
from framework.virtual.adb.line import Line
from framework.virtual.adb.reverse import Reverses
from framework.virtual.adb.stream import Stream


class AdbServer:
    """Serves any number of adb hosts at once, each on connections of its own."""

    def __init__(self, device: DevicePort, authority: Authority | None = None) -> None:
        """Without an authority everybody is let in."""
        self.authority = authority
        self.line = Line()
        self.reverses = Reverses(device.ports)
        self._names = (f"host-{number}" for number in itertools.count(1))
        self.on_idle: Callable[[], None] = lambda: None
        """Called when the last connection has ended."""

        self._device = device
        self._connections: set[Connection] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._server: asyncio.Server | None = None
        self._bound: socket.socket | None = None
        """The port while nobody listens on it: who connects is refused."""

        self._away = 0
        """How many reasons there are for being gone."""

        self._returning: asyncio.Task[None] | None = None

    async def start(self, port: int = 0) -> int:
        """Listen on 127.0.0.1; returns the port, which is a free one for 0. OSError if it is taken."""
        await self._listen(_bind(port))
        return self._port

    async def close(self) -> None:
        """Stop listening, drop every connection, and wait until all that they started has ended."""
        if self._returning is not None:
            self._returning.cancel()
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._bound is not None:
            self._bound.close()
            self._bound = None
        self.drop()
        await self._idle.wait()

    @property
    def busy(self) -> bool:
        """Whether somebody is connected."""
        return bool(self._connections)

    def drop(self) -> None:
        """Drop every connection, as a restart of adbd does; new ones are accepted."""
        for connection in tuple(self._connections):
            connection.abort()

    def leave(self) -> None:
        """Be gone: no connection any more, and none is accepted until each `leave` has had its `come_back`."""
        self._away += 1
        if self._server is not None:
            port = self._port
            self._server.close()
            self._server = None
            self._bound = _bind(port)
        self.drop()

    def come_back(self) -> None:
        """Accept connections again, at once, if there is no other reason for being gone."""
        self._away = max(0, self._away - 1)
        if self._bound is not None and not self._away:
            self._returning = asyncio.get_running_loop().create_task(self._listen(self._bound))
            self._bound = None

    def stall(self) -> list[Stream]:
        """Stall every stream that is open now; new ones are served."""
        return [stream for connection in self._connections for stream in connection.stall()]

    @property
    def reachable(self) -> bool:
        """Whether a host that may is let in and heard."""
        return not self._away and not self.line.deaf

    @property
    def _port(self) -> int:
        sockets = self._server.sockets if self._server is not None else ()
        address: tuple[str, int] = sockets[0].getsockname()
        return address[1]

    async def _listen(self, bound: socket.socket) -> None:
        self._server = await asyncio.get_running_loop().create_server(self._connect, sock=bound)

    def _connect(self) -> Connection:
        connection = Connection(next(self._names), self._device, self, self._ended)
        self._connections.add(connection)
        self._idle.clear()
        return connection

    def _ended(self, connection: Connection) -> None:
        self._connections.discard(connection)
        if not self._connections:
            self._idle.set()
            self.on_idle()


def _bind(port: int) -> socket.socket:
    bound = socket.socket()
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    return bound
