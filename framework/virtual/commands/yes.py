"""yes: the same line for ever."""

from __future__ import annotations

from framework.virtual.commands.context import Context, to_bytes

BATCH = 512


async def run(ctx: Context) -> int:
    line = to_bytes(" ".join(ctx.argv[1:] or ("y",)) + "\n")
    while True:
        await ctx.stdout.write(line * BATCH)
