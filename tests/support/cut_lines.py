"""A TCP proxy on loopback whose connections can be cut, or fall silent as a network does that is gone."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")
WITHIN_S = 10.0
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: the other end is told of a reset."""


class Lines:
    """Each `route` is a port of its own that leads to HOST:PORT."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._open: dict[str, set[_Pair]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

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
        listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        listening.setblocking(False)
        route = f"127.0.0.1:{listening.getsockname()[1]}"
        self._open[route] = set()
        self._begin(self._take_all(listening, route, to))
        return route

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take_all(self, listening: socket.socket, route: str, to: str) -> None:
        with listening:
            while True:
                near, _ = await self._loop.sock_accept(listening)
                self._begin(self._carry(near, route, to))

    async def _carry(self, near: socket.socket, route: str, to: str) -> None:
        host, _, port = to.rpartition(":")
        with near, socket.socket() as far:
            far.setblocking(False)
            pair = _Pair(self._loop, near, far)
            with suppress(OSError):
                await self._loop.sock_connect(far, (host, int(port)))
                self._open[route].add(pair)
                await asyncio.gather(pair.pump(near, far), pair.pump(far, near))
            self._open[route].discard(pair)

    async def _each(self, route: str, *, silent: bool) -> None:
        for pair in list(self._open[route]):
            if silent:
                pair.silent = True
            else:
                pair.reset()

    async def _close(self) -> None:
        tasks = self._tasks - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Pair:
    def __init__(self, loop: asyncio.AbstractEventLoop, near: socket.socket, far: socket.socket) -> None:
        self._loop, self._ends = loop, (near, far)
        self.silent = False

    def reset(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RDWR)  # wakes both pumps, which close it

    async def pump(self, source: socket.socket, target: socket.socket) -> None:
        """Until the source ends; that the target takes no more says nothing of what it still gives."""
        with suppress(OSError):
            while data := await self._loop.sock_recv(source, 65536):
                if not self.silent:
                    await self._loop.sock_sendall(target, data)
        if self.silent:
            await asyncio.Event().wait()  # the target is not even told that it has ended
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


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
        loop.close()
