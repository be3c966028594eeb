"""hostname and tty: small facts of the machine."""

from __future__ import annotations

from framework.virtual.commands.context import Context


async def run(ctx: Context) -> int:
    if ctx.name == "tty":
        if "-s" not in ctx.argv:
            await ctx.out("not a tty\n")
        return 1
    await ctx.out("localhost\n")
    return 0
