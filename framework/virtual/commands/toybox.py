"""toybox: runs the command that its first argument names."""

from __future__ import annotations

from framework.virtual.commands import TOYBOX, find_command, names
from framework.virtual.commands.context import Context

VERSION = "0.8.9-android"


async def run(ctx: Context) -> int:
    words = ctx.argv[1:]
    if not words:
        await ctx.out(" ".join(sorted(set(names(TOYBOX)) - {"sh", "toybox"})) + "\n")
        return 0
    if words[0] == "--version":
        await ctx.out(f"toybox {VERSION}\n")
        return 0
    known = set(names(TOYBOX)) - {"sh"}
    spec = find_command(words[0]) if words[0] in known else None
    if spec is None:
        return await ctx.fail(f'Unknown command {words[0]} (see "toybox --help")', 127)
    ctx.argv = words
    return await spec.load()(ctx)
