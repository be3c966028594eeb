"""Byte streams between the programs of a handset: what pipe(2) gives, on asyncio."""

from __future__ import annotations

import asyncio
from typing import Protocol

CAPACITY = 65536
"""Bytes a pipe holds before its writer waits, as Linux's default (pipe(7))."""


class Reader(Protocol):
    """The end that bytes come out of."""

    async def read(self, n: int = CAPACITY, /) -> bytes:
        """At least one and at most `n` bytes; `b""` once the stream has ended."""
        ...

    async def readline(self) -> bytes:
        """Bytes up to and with the next newline; less at the end of the stream, `b""` after it."""
        ...


class Writer(Protocol):
    """The end that bytes go into."""

    async def write(self, data: bytes, /) -> None:
        """Hand over all of `data`, waiting while the other side is behind.

        Raises BrokenPipeError once nobody can read it any more.
        """
        ...


class Pipe:
    """A bounded pipe in memory: a Reader and a Writer that share a buffer.

    One task may read at a time; several may write. A cancelled read loses no byte.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._buffer = bytearray()
        self._ended = False
        self._broken = False
        self._wants_line = False
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()

    @property
    def broken(self) -> bool:
        """Whether the reader has gone: whatever is written now is lost."""
        return self._broken

    async def read(self, n: int = CAPACITY, /) -> bytes:
        while not self._buffer and not self._ended:
            await self._wait(self._readable)
        return self._take(n)

    async def readline(self) -> bytes:
        end, searched = -1, 0
        self._wants_line = True  # a line may be longer than the pipe: let its writer go on
        try:
            while (end := self._buffer.find(b"\n", searched)) < 0 and not self._ended:
                searched = len(self._buffer)
                self._writable.set()
                await self._wait(self._readable)
        finally:
            self._wants_line = False
        return self._take(end + 1 if end >= 0 else len(self._buffer))

    async def write(self, data: bytes, /) -> None:
        if self._ended and not self._broken:
            raise ValueError("write to a pipe whose writing end is closed")
        view = memoryview(data)
        while view and not self._broken:
            if room := self._room():
                self._buffer += view[:room]
                view = view[room:]
                self._readable.set()
                if len(self._buffer) > self._capacity:
                    await asyncio.sleep(0)  # the reader is after a very long line: take turns with it
            else:
                await self._wait(self._writable)
        if self._broken:
            raise BrokenPipeError("the reader has gone")

    def close_write(self) -> None:
        """End the stream: the reader gets what is left, then `b""`."""
        self._ended = True
        self._readable.set()

    def close_read(self) -> None:
        """Go away as the reader: what is left is dropped and writers fail."""
        self._broken = self._ended = True
        self._buffer.clear()
        self._readable.set()
        self._writable.set()

    def _room(self) -> int:
        return self._capacity if self._wants_line else max(0, self._capacity - len(self._buffer))

    def _take(self, n: int) -> bytes:
        data = bytes(self._buffer[:n])
        del self._buffer[:n]
        self._writable.set()
        return data

    async def _wait(self, event: asyncio.Event) -> None:
        event.clear()
        await event.wait()


class BytesReader:
    """A Reader over bytes that are already there: a here-document, a captured output."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    async def read(self, n: int = CAPACITY, /) -> bytes:
        data = self._data[self._position : self._position + n]
        self._position += len(data)
        return data

    async def readline(self) -> bytes:
        end = self._data.find(b"\n", self._position)
        return await self.read((len(self._data) if end < 0 else end + 1) - self._position)


class BytesWriter:
    """A Writer that keeps all it is given."""

    def __init__(self) -> None:
        self.data = bytearray()

    async def write(self, data: bytes, /) -> None:
        self.data += data
