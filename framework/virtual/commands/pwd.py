"""pwd: where a program runs."""

from __future__ import annotations

from framework.virtual.commands.context import Context


async def run(ctx: Context) -> int:
    await ctx.out(f"{ctx.files.realpath(ctx.cwd) if '-P' in ctx.argv else ctx.cwd}\n")
    return 0
