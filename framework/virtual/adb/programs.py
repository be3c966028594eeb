"""Services that run a program of the handset: how its stdin, stdout and stderr lie on a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

from framework.virtual.adb.shell_protocol import FrameDecoder, FrameId, encode_frame
from framework.virtual.adb.stream import Stream
from framework.virtual.system.pipes import Pipe, Reader, Writer

Program: TypeAlias = Callable[[Reader, Writer, Writer], Awaitable[int]]
"""Takes stdin, stdout and stderr and returns an exit status."""


GRACE_S = 1.0
"""How long a raw program may go on with the input it has when its client is done (sockets.cpp, deferred_close)."""


async def raw(stream: Stream, program: Program) -> None:
    """Shell v1, `exec:` and `abb_exec:`: the stream's bytes are stdin, stdout and stderr; the status is lost."""
    stdin = Pipe()
    with stream.cancelled_at_hang_up(GRACE_S):
        async with beside(_feed_raw(stream, stdin)):
            await program(stdin, stream, stream)


async def framed(stream: Stream, program: Program) -> None:
    """Shell v2 and `abb:`: every piece of data in a frame, the exit status in the last one."""
    stdin = Pipe()
    stdout, stderr = _FrameWriter(stream, FrameId.STDOUT), _FrameWriter(stream, FrameId.STDERR)
    with stream.cancelled_at_hang_up():
        try:
            async with beside(_feed_frames(stream, stdin)):
                status = await program(stdin, stdout, stderr)
        finally:
            stdin.close_write()  # after SIGHUP, for a program that heeds none
        await stream.write(encode_frame(FrameId.EXIT, bytes([status & 0xFF])))


async def fail(stream: Stream, reason: str) -> None:
    """Refuse as adb's own services do: FAIL, four hex digits of length, the reason."""
    await stream.write(f"FAIL{len(reason):04x}{reason}".encode())


class _FrameWriter:
    def __init__(self, stream: Stream, kind: FrameId) -> None:
        self._stream = stream
        self._kind = kind

    async def write(self, data: bytes, /) -> None:
        await self._stream.write(encode_frame(self._kind, data))


async def _feed_raw(stream: Stream, stdin: Pipe) -> None:
    while data := await stream.receive():
        await feed(stdin, data)
    stdin.close_write()


async def _feed_frames(stream: Stream, stdin: Pipe) -> None:
    """Window sizes are passed over: there is no terminal."""
    decoder, closed = FrameDecoder(), False
    while data := await stream.receive():
        for kind, part in decoder.feed(data):
            if kind == FrameId.STDIN and not closed:
                await feed(stdin, part)
            elif kind == FrameId.CLOSE_STDIN:
                closed = True
                stdin.close_write()


async def feed(stdin: Pipe, data: bytes) -> None:
    """Write to a program that may have stopped reading."""
    with suppress(BrokenPipeError):  # then nobody misses it
        await stdin.write(data)


@asynccontextmanager
async def beside(work: Awaitable[None]) -> AsyncIterator[None]:
    """Run `work` in a task of its own, cancelled at the end of the block."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
