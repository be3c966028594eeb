"""tail: the end of files, and what is added to them."""

from __future__ import annotations

import re
from collections import deque

from framework.virtual.commands.context import Context
from framework.virtual.commands.inputs import chunks, for_each, lines
from framework.virtual.commands.options import Options, parse_options, to_number
from framework.virtual.system.pipes import Reader

POLL_NS = 1_000_000_000


async def run(ctx: Context) -> int:
    argv = [re.sub(r"^-(\d+)$", r"-n\1", word) for word in ctx.argv]
    options = parse_options(argv, "fFqv", "ncs", long={"lines": "n", "bytes": "c", "follow": "f"})
    seen = 0

    async def one(name: str, reader: Reader) -> None:
        nonlocal seen
        if len(options.operands) > 1 and "q" not in options:
            await ctx.out(f"{chr(10) if seen else ''}==> {name} <==\n")
        seen += 1
        await _end(ctx, reader, options)
        while "f" in options or "F" in options:
            await ctx.device.clock.sleep(POLL_NS)
            async for data in chunks(reader):
                await ctx.stdout.write(data)

    return await for_each(ctx, options.operands, one)


async def _end(ctx: Context, reader: Reader, options: Options) -> None:
    text = options.value("c") or options.value("n", "10")
    count = abs(to_number(text))
    by_line = "c" not in options
    if text.startswith("+"):
        await _from(ctx, reader, max(0, count - 1), by_line=by_line)
        return
    if by_line:
        last = deque([line async for line in lines(reader)], maxlen=count)
        await ctx.stdout.write(b"".join(last))
    else:
        data = b"".join([piece async for piece in chunks(reader)])
        await ctx.stdout.write(data[max(0, len(data) - count) :])


async def _from(ctx: Context, reader: Reader, skip: int, *, by_line: bool) -> None:
    for _ in range(skip):
        if not await (reader.readline() if by_line else reader.read(1)):
            return
    async for data in chunks(reader):
        await ctx.stdout.write(data)
