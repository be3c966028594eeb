"""Reading the files that a command names, `-` being standard input."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from framework.virtual.commands.context import Context
from framework.virtual.system.descriptors import FileStream
from framework.virtual.system.pipes import Reader


@asynccontextmanager
async def opened(ctx: Context, name: str) -> AsyncIterator[Reader]:
    """The named file, or standard input for `-`. Raises OSError."""
    if name == "-":
        yield ctx.stdin
        return
    path = ctx.path(name)
    if stat.S_ISDIR(ctx.files.stat(path).mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    with ctx.files.open(path, uid=ctx.uid) as file:
        yield FileStream(file)


async def lines(reader: Reader) -> AsyncIterator[bytes]:
    """Lines with their newlines; the last one may have none."""
    while line := await reader.readline():
        yield line


async def chunks(reader: Reader) -> AsyncIterator[bytes]:
    while data := await reader.read():
        yield data


async def read_all(ctx: Context, name: str) -> bytes:
    """The whole of one input. Raises OSError."""
    async with opened(ctx, name) as reader:
        return b"".join([data async for data in chunks(reader)])


async def for_each(ctx: Context, names: Sequence[str], work: Callable[[str, Reader], Awaitable[None]]) -> int:
    """Do the work on every input; an input that cannot be read is reported, and the status is 1 then."""
    status = 0
    for name in names or ("-",):
        try:
            async with opened(ctx, name) as reader:
                await work(name, reader)
        except BrokenPipeError:
            raise
        except OSError as error:
            status = await ctx.fail_on(name, error)
    return status
