"""Open file descriptions: what descriptors refer to, shared by several and closed with the last one."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from framework.virtual.system.pipes import CAPACITY, Pipe, Reader, Writer

if TYPE_CHECKING:
    from framework.virtual.system.openfile import OpenFile
    from framework.virtual.system.terminal import Terminal

TURN_BYTES = 1 << 20
"""After so many bytes of a file, which never keeps one waiting, others get their turn."""


class FileStream:
    """An open file as a Reader and Writer."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self._moved = 0

    async def read(self, n: int = CAPACITY, /) -> bytes:
        await self._turn(n)
        return self._file.read(n)

    async def readline(self) -> bytes:
        line = self._file.readline()
        await self._turn(len(line))
        return line

    async def write(self, data: bytes, /) -> None:
        await self._turn(len(data))
        self._file.write(data)

    async def _turn(self, size: int) -> None:
        self._moved += size
        if self._moved >= TURN_BYTES:
            self._moved = 0
            await asyncio.sleep(0)


class Descriptor:
    """A Reader and a Writer, either of which may be missing (then OSError EBADF).

    `file` is what flock and seek work on, `terminal` what it is if it is one; `close` gives up one reference and calls
    `release` with the last.
    """

    def __init__(
        self,
        *,
        reader: Reader | None = None,
        writer: Writer | None = None,
        file: OpenFile | None = None,
        release: Callable[[], None] | None = None,
        terminal: Terminal | None = None,
    ) -> None:
        self.file = file
        self.terminal = terminal
        self._reader = reader
        self._writer = writer
        self._release = release
        self._references = 1

    def share(self) -> Descriptor:
        """One reference more."""
        self._references += 1
        return self

    def close(self) -> None:
        self._references -= 1
        if self._references == 0 and self._release is not None:
            self._release()

    async def read(self, n: int = CAPACITY, /) -> bytes:
        if self._reader is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return await self._reader.read(n)

    async def readline(self) -> bytes:
        if self._reader is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return await self._reader.readline()

    async def write(self, data: bytes, /) -> None:
        if self._writer is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        await self._writer.write(data)


def of_file(file: OpenFile, *, readable: bool = True, writable: bool = False) -> Descriptor:
    stream = FileStream(file)
    return Descriptor(
        reader=stream if readable else None,
        writer=stream if writable else None,
        file=file,
        release=file.close,
    )


def pipe_ends() -> tuple[Descriptor, Descriptor]:
    """pipe(2): the reading end and the writing end."""
    pipe = Pipe()
    return Descriptor(reader=pipe, release=pipe.close_read), Descriptor(writer=pipe, release=pipe.close_write)
