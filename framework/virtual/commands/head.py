"""head: the beginning of files."""

from __future__ import annotations

import re

from framework.virtual.commands.context import Context
from framework.virtual.commands.inputs import for_each
from framework.virtual.commands.options import parse_options
from framework.virtual.system.pipes import Reader

BLOCK = 4096


async def run(ctx: Context) -> int:
    argv = [re.sub(r"^-(\d+)$", r"-n\1", word) for word in ctx.argv]
    options = parse_options(argv, "qv", "nc", long={"lines": "n", "bytes": "c", "quiet": "q", "verbose": "v"})
    headers = (len(options.operands) > 1 and "q" not in options) or "v" in options
    count = options.number("c") if "c" in options else options.number("n", 10)
    seen = 0

    async def one(name: str, reader: Reader) -> None:
        nonlocal seen
        if headers:
            title = "standard input" if name == "-" else name
            await ctx.out(f"{chr(10) if seen else ''}==> {title} <==\n")
        seen += 1
        if count < 0:
            await _all_but(ctx, reader, -count, by_line="c" not in options)
        elif "c" in options:
            await _bytes(ctx, reader, count)
        else:
            await _lines(ctx, reader, count)

    return await for_each(ctx, options.operands, one)


async def _lines(ctx: Context, reader: Reader, count: int) -> None:
    """What was read beyond the last line is gone for whoever reads on, as with toybox."""
    while count > 0 and (data := await reader.read(BLOCK)):
        lines = data.split(b"\n", count)
        rest = lines.pop() if len(lines) > count else b""
        await ctx.stdout.write(data.removesuffix(rest) if rest else data)
        count -= data.count(b"\n")


async def _bytes(ctx: Context, reader: Reader, count: int) -> None:
    while count > 0 and (data := await reader.read(min(count, 65536))):
        count -= len(data)
        await ctx.stdout.write(data)


async def _all_but(ctx: Context, reader: Reader, count: int, *, by_line: bool) -> None:
    data = b""
    while piece := await reader.read():
        data += piece
    kept = b"".join(data.splitlines(keepends=True)[:-count]) if by_line else data[:-count]
    await ctx.stdout.write(kept)
