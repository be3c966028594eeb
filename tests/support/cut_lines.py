"""A TCP proxy on loopback whose connections can be cut, or fall silent as a network does that is gone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")
WITHIN_S = 10.0


class Lines:
    """Each `route` is a port of its own that leads to HOST:PORT."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._servers: list[asyncio.Server] = []
        self._open: dict[str, set[_Pair]] = {}

    def route(self, to: str) -> str:
        """HOST:PORT of a new port that leads to `to`."""
        return self._wait(self._listen(to))

    def cut(self, route: str) -> None:
        """Both ends of all its connections are told at once; new ones are taken."""
        self._wait(self._each(route, silent=False))

    def silence(self, route: str) -> None:
        """Nothing comes through its connections any more, not even their end; new ones are taken."""
        self._wait(self._each(route, silent=True))

    def close(self) -> None:
        self._wait(self._close())

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN_S)

    async def _listen(self, to: str) -> str:
        host, _, port = to.rpartition(":")

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                far_reader, far_writer = await asyncio.open_connection(host, int(port))
            except OSError:
                writer.transport.abort()
                return
            pair = _Pair(writer, far_writer)
            self._open[route].add(pair)
            await asyncio.gather(pair.carry(reader, far_writer), pair.carry(far_reader, writer))
            self._open[route].discard(pair)

        server = await asyncio.start_server(take, "127.0.0.1", 0)
        self._servers.append(server)
        route = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._open[route] = set()
        return route

    async def _each(self, route: str, *, silent: bool) -> None:
        for pair in list(self._open[route]):
            if silent:
                pair.silent = True
            else:
                pair.abort()

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for pairs in self._open.values():
            for pair in list(pairs):
                pair.abort()


class _Pair:
    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self._writers = (near, far)
        self.silent = False

    def abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if not self.silent:
                    target.write(data)
                    await target.drain()
        if not self.silent:
            target.close()


@contextmanager
def lines() -> Iterator[Lines]:
    """In a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="lines", daemon=True)
    thread.start()
    made = Lines(loop)
    try:
        yield made
    finally:
        made.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(WITHIN_S)
