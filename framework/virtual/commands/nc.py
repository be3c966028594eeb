"""nc: carry standard input and output, or a program's, over a TCP connection on the handset's own loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from framework.virtual.commands.context import CommandFault, Context, reason
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.pipes import Pipe, Reader

LOOPBACK = ("127.0.0.1", "localhost")


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "46ln", "ps", leading=True)
    if "l" in options:
        return await _listen(ctx, options)
    if len(options.operands) != 2:
        raise CommandFault(f'bad argument count (see "{ctx.name} --help")')
    host, port = options.operands
    if not port.isdecimal():
        raise CommandFault(f"{host}:{port}: Servname not supported for ai_socktype")
    if host not in LOOPBACK:
        raise CommandFault("connect: Network is unreachable")
    try:
        reader, writer = ctx.device.ports.connect(int(port))
    except ConnectionRefusedError as error:
        raise CommandFault(f"connect: {reason(error)}") from None
    return await _carry(ctx, reader, writer)


async def _listen(ctx: Context, options: Options) -> int:
    """Serve the first connection; the port is free again when that is over."""
    first: asyncio.Future[tuple[Pipe, Pipe]] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def accept(reader: Pipe, writer: Pipe) -> None:
        if not first.done():
            first.set_result((reader, writer))
        await over.wait()

    ports = ctx.device.ports
    port = _port(options)
    if port is None and options.operands:
        raise CommandFault("a program needs -p here: going to the background is not emulated")
    try:
        listener = ports.listen(port or 0, accept)
    except OSError as error:
        raise CommandFault(f"bind: {reason(error)}") from None
    try:
        if port is None:
            await ctx.out(f"{listener.address}\n")
        return await _serve(ctx, options.operands, *await first)
    finally:
        over.set()
        listener.close()


def _port(options: Options) -> int | None:
    if "p" not in options:
        return None
    port = options.number("p")
    if not 0 < port < 65536:
        raise CommandFault(f'-p {"> 65535" if port > 0 else "< 1"} (see "nc --help")')
    return port


async def _serve(ctx: Context, program: Sequence[str], reader: Pipe, writer: Pipe) -> int:
    if program:
        return await ctx.launch(program, stdin=reader, stdout=writer)
    return await _carry(ctx, reader, writer)


async def _carry(ctx: Context, reader: Pipe, writer: Pipe) -> int:
    """Both ways until the other side has closed; the end of our input closes our half only."""
    outward = asyncio.create_task(_send(ctx.stdin, writer))
    try:
        while data := await reader.read():
            await ctx.stdout.write(data)
    finally:
        outward.cancel()
        reader.close_read()
        writer.close_write()
    return 0


async def _send(source: Reader, writer: Pipe) -> None:
    with suppress(BrokenPipeError):  # the other side reads no more
        while data := await source.read():
            await writer.write(data)
    writer.close_write()
