"""One stream of a connection, as the service behind it sees it: bytes in, bytes out, both bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from framework.virtual.adb.events import Close, Data, Ready
from framework.virtual.adb.link import Link


class Wire(Protocol):
    """What a stream needs of its connection."""

    link: Link

    @property
    def congested(self) -> bool:
        """Whether the peer is behind with reading: data have to wait."""
        ...

    def flush(self) -> None:
        """Hand what the link has to say to the socket."""
        ...


class Stream:
    """Holds at most one payload of the peer's, and at most two of ours, at a time."""

    def __init__(self, number: int, wire: Wire) -> None:
        self._number = number
        self._wire = wire
        self._inbox: bytes | None = None
        self._outbox: deque[memoryview] = deque()
        self._queued = 0
        self._open = True
        self._stalled = False
        self._changed = asyncio.Event()
        self._on_hang_up: Callable[[], object] | None = None

    # -- for the service -----------------------------------------------------------------------------------

    async def receive(self) -> bytes:
        """The payload of the peer's next WRTE, which is thereby acknowledged; `b""` once it closed the stream."""
        while True:
            while (self._inbox is None or self._stalled) and self._open:
                await self._wait()
            payload, self._inbox = self._inbox, None
            if self._open:
                self._wire.link.send(Ready(self._number))
                self._wire.flush()
            if payload or not self._open:
                return payload or b""

    async def write(self, data: bytes, /) -> None:
        """Send `data`, waiting while more than a packet is under way; BrokenPipeError once the peer closed."""
        if data and self._open:
            self._outbox.append(memoryview(data))
            self._queued += len(data)
            self.push()
        while self._open and self._queued >= self._wire.link.max_payload:
            await self._wait()
        if not self._open:
            raise BrokenPipeError("the peer closed the stream")

    @property
    def is_open(self) -> bool:
        """Whether neither side has closed it."""
        return self._open

    async def drain(self) -> None:
        """Wait until the peer acknowledged everything, or closed the stream."""
        while self._open and (self._queued or self._stalled or not self._wire.link.may_write(self._number)):
            await self._wait()

    @contextmanager
    def cancelled_at_hang_up(self, grace_s: float = 0) -> Iterator[None]:
        """Within it, the current task is cancelled `grace_s` after the peer closed the stream: a program's SIGHUP."""
        task: asyncio.Task[Any] | None = asyncio.current_task()
        loop = asyncio.get_running_loop()
        assert task is not None
        timers: list[asyncio.TimerHandle] = []
        self._on_hang_up = lambda: timers.append(loop.call_later(grace_s, cancel_once, task))
        if not self._open:
            self._on_hang_up()
        try:
            yield
        finally:
            self._on_hang_up = None
            for timer in timers:
                timer.cancel()

    # -- for the connection --------------------------------------------------------------------------------

    def deliver(self, payload: bytes) -> None:
        """The peer wrote `payload`."""
        self._inbox = payload
        self._changed.set()

    def push(self) -> None:
        """Send the next packet if the peer is ready for one."""
        if self._queued and not self._stalled and not self._wire.congested and self._wire.link.may_write(self._number):
            self._wire.link.send(Data(self._number, self._next_payload()))
            self._wire.flush()
        self._changed.set()

    def stall(self, *, stalled: bool) -> None:
        """Nothing comes in or goes out any more; or what has waited does. The peer can close it all the same."""
        self._stalled = stalled
        self.push()

    def hang_up(self) -> None:
        """The peer closed the stream or is gone."""
        if self._open:
            self._open = False
            self._outbox.clear()
            self._queued = 0
            self._changed.set()
            if self._on_hang_up is not None:
                self._on_hang_up()

    def close(self) -> None:
        """The service has ended."""
        if self._open:
            self._open = False
            self._wire.link.send(Close(self._number))
            self._wire.flush()

    def _next_payload(self) -> bytes:
        room = self._wire.link.max_payload
        parts = []
        while self._outbox and room:
            part = self._outbox.popleft()
            if len(part) > room:
                self._outbox.appendleft(part[room:])
                part = part[:room]
            parts.append(part)
            room -= len(part)
        payload = b"".join(parts)
        self._queued -= len(payload)
        return payload

    async def _wait(self) -> None:
        self._changed.clear()
        await self._changed.wait()


def cancel_once(task: asyncio.Task[Any]) -> None:
    """Cancel a task unless it was already: then it may be tidying up."""
    if not task.cancelling():
        task.cancel()


class ExactReader:
    """Reads a stream by the lengths that its own protocol announces."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._rest = memoryview(b"")

    async def exactly(self, n: int) -> bytes:
        """The next `n` bytes; EOFError where the peer closed the stream before."""
        parts = []
        while n:
            if not self._rest:
                self._rest = memoryview(await self._stream.receive())
                if not self._rest:
                    raise EOFError("the peer closed the stream")
            parts.append(self._rest[:n])
            n -= len(parts[-1])
            self._rest = self._rest[len(parts[-1]) :]
        return b"".join(parts)
