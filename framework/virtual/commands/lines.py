"""tac, rev, nl and paste: lines in another shape."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.inputs import for_each, lines, read_all
from framework.virtual.commands.options import parse_options
from framework.virtual.system.pipes import Reader


async def run(ctx: Context) -> int:
    return await {"tac": _tac, "rev": _rev, "nl": _nl, "paste": _paste}[ctx.name](ctx)


async def _tac(ctx: Context) -> int:
    async def one(_: str, reader: Reader) -> None:
        await ctx.stdout.write(b"".join([line async for line in lines(reader)][::-1]))

    return await for_each(ctx, parse_options(ctx.argv).operands, one)


async def _rev(ctx: Context) -> int:
    async def one(_: str, reader: Reader) -> None:
        async for line in lines(reader):
            text = line.removesuffix(b"\n").decode("utf-8", "surrogateescape")
            await ctx.out(text[::-1] + "\n")

    return await for_each(ctx, parse_options(ctx.argv).operands, one)


async def _nl(ctx: Context) -> int:
    options = parse_options(ctx.argv, "E", "blnsvw")
    number = options.number("v", 1)
    width, separator = options.number("w", 6), options.value("s", "\t")

    async def one(_: str, reader: Reader) -> None:
        nonlocal number
        async for line in lines(reader):
            text = line.removesuffix(b"\n").decode("utf-8", "surrogateescape")
            if text or options.value("b") == "a":
                await ctx.out(f"{number:{width}d}{separator}{text}\n")
                number += 1
            else:
                await ctx.out(" " * (width + len(separator)) + "\n")

    return await for_each(ctx, options.operands, one)


async def _paste(ctx: Context) -> int:
    options = parse_options(ctx.argv, "s", "d")
    joints = options.value("d", "\t").replace("\\n", "\n").replace("\\t", "\t")
    columns = [
        (await read_all(ctx, name)).decode("utf-8", "surrogateescape").splitlines()
        for name in options.operands or ["-"]
    ]
    rows = columns
    if "s" not in options:
        height = max(map(len, columns))
        rows = [[column[i] if i < len(column) else "" for column in columns] for i in range(height)]
    for row in rows:
        text = "".join(joints[(i - 1) % len(joints)] * (i > 0) + cell for i, cell in enumerate(row))
        await ctx.out(text + "\n")
    return 0
