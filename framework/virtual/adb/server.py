"""adbd of one handset on a loopback TCP port."""

from __future__ import annotations

import asyncio

from framework.virtual.adb.connection import Connection
from framework.virtual.adb.device_port import DevicePort


class AdbServer:
    """Serves any number of adb hosts at once, each on connections of its own."""

    def __init__(self, device: DevicePort) -> None:
        self._device = device
        self._connections: set[Connection] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> int:
        """Listen on 127.0.0.1; returns the port, which is a free one for 0. OSError if it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connect, "127.0.0.1", port)
        address: tuple[str, int] = self._server.sockets[0].getsockname()
        return address[1]

    async def close(self) -> None:
        """Stop listening, drop every connection, and wait until all that they started has ended."""
        if self._server is None:
            return
        self._server.close()
        for connection in tuple(self._connections):
            connection.abort()
        await self._idle.wait()
        await self._server.wait_closed()
        self._server = None

    def _connect(self) -> Connection:
        connection = Connection(self._device, self._ended)
        self._connections.add(connection)
        self._idle.clear()
        return connection

    def _ended(self, connection: Connection) -> None:
        self._connections.discard(connection)
        if not self._connections:
            self._idle.set()
