"""strings: runs of printable characters in binary files."""

from __future__ import annotations

import re

from framework.virtual.commands.context import Context, to_text
from framework.virtual.commands.inputs import chunks, for_each
from framework.virtual.commands.options import parse_options
from framework.virtual.system.pipes import Reader


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "fo", "nt")
    pattern = re.compile(rb"[\t\x20-\x7e]{%d,}" % max(1, options.number("n", 4)))
    radix = "o" if "o" in options else {"d": "d", "o": "o", "x": "x"}.get(options.value("t"), "")

    async def work(name: str, reader: Reader) -> None:
        data = b"".join([chunk async for chunk in chunks(reader)])
        for found in pattern.finditer(data):
            label = f"{name}: " if "f" in options else ""
            place = f"{found.start():>7{radix}} " if radix else ""
            await ctx.out(f"{label}{place}{to_text(found[0])}\n")

    return await for_each(ctx, options.operands, work)
