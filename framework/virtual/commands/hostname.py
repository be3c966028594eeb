"""hostname: the name of the machine."""

from __future__ import annotations

from framework.virtual.commands.context import Context


async def run(ctx: Context) -> int:
    await ctx.out("localhost\n")
    return 0
