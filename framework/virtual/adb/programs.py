"""Services that run a program of the handset: how its stdin, stdout and stderr lie on a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

from framework.virtual.adb.shell_protocol import FrameDecoder, FrameId, encode_frame
from framework.virtual.adb.stream import Stream
from framework.virtual.adb.window import read_window_size
from framework.virtual.system.pipes import Pipe, Reader, Writer
from framework.virtual.system.terminal import Terminal

Program: TypeAlias = Callable[[Reader, Writer, Writer], Awaitable[int]]
"""Takes stdin, stdout and stderr and returns an exit status."""

AtTerminal: TypeAlias = Callable[[Terminal], Awaitable[int]]
"""Runs at a terminal and returns an exit status."""

MOST_WINDOW_BYTES = 64


GRACE_S = 1.0
"""How long a raw program may go on with the input it has when its client is done (sockets.cpp, deferred_close)."""


async def raw(stream: Stream, program: Program) -> None:
    """Shell v1, `exec:` and `abb_exec:`: the stream's bytes are stdin, stdout and stderr; the status is lost."""
    stdin = Pipe()
    with stream.cancelled_at_hang_up(GRACE_S):
        async with beside(_feed_raw(stream, stdin)):
            await program(stdin, stream, stream)


async def framed(stream: Stream, program: Program) -> None:
    """Shell v2 and `abb:`: every piece of data in a frame, the exit status in the last one.

    When the client goes, what runs gets its SIGHUP first, and the end of its input then.
    """
    stdin = Pipe()
    stdout, stderr = _FrameWriter(stream, FrameId.STDOUT), _FrameWriter(stream, FrameId.STDERR)
    try:
        with stream.cancelled_at_hang_up():
            async with beside(_feed_frames(stream, stdin)):
                status = await program(stdin, stdout, stderr)
            await stream.write(encode_frame(FrameId.EXIT, bytes([status & 0xFF])))
    finally:
        stdin.close_write()


async def raw_at_terminal(stream: Stream, program: AtTerminal) -> None:
    """Shell v1 without a command: the stream's bytes are keys and the screen."""
    terminal = Terminal(stream)
    with stream.cancelled_at_hang_up():
        async with beside(_press_raw(stream, terminal)):
            await program(terminal)


async def framed_at_terminal(stream: Stream, program: AtTerminal) -> None:
    """Shell v2 with a PTY: its two outputs are one, and the client tells the size of its window."""
    terminal = Terminal(_FrameWriter(stream, FrameId.STDOUT))
    with stream.cancelled_at_hang_up():
        async with beside(_press_frames(stream, terminal)):
            status = await program(terminal)
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
    """Window sizes are passed over: there is no window."""
    decoder, closed = FrameDecoder(), False
    while data := await stream.receive():
        for kind, part in decoder.feed(data):
            if kind == FrameId.STDIN and not closed:
                await feed(stdin, part)
            elif kind == FrameId.CLOSE_STDIN:
                closed = True
                stdin.close_write()


async def _press_raw(stream: Stream, terminal: Terminal) -> None:
    while data := await stream.receive():
        await terminal.press(data)


async def _press_frames(stream: Stream, terminal: Terminal) -> None:
    """A terminal's input cannot be closed, so that a client that does so is not heeded (shell_service.cpp)."""
    decoder, window = FrameDecoder(), b""
    while data := await stream.receive():
        for kind, part in decoder.feed(data):
            if kind == FrameId.STDIN:
                await terminal.press(part)
            window = (window + part)[-MOST_WINDOW_BYTES:] if kind == FrameId.WINDOW_SIZE else b""
            if (size := read_window_size(window)) is not None:
                terminal.resize(size.rows, size.columns, size.pixels)
                window = b""


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
