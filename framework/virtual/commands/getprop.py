"""getprop and setprop (AOSP system/core/toolbox)."""

from __future__ import annotations

from framework.virtual.android.properties import PropertyError
from framework.virtual.commands.context import Context
from framework.virtual.system.users import SHELL


async def run(ctx: Context) -> int:
    return await (_set if ctx.name == "setprop" else _get)(ctx)


async def _get(ctx: Context) -> int:
    words = ctx.argv[1:]
    if len(words) > 2:
        await ctx.err("getprop: Max 2 arguments\n")
        return 1
    properties = ctx.device.properties
    if words:
        await ctx.out(properties.get(*words) + "\n")
    else:
        await ctx.out("".join(f"[{name}]: [{value}]\n" for name, value in properties.items()))
    return 0


async def _set(ctx: Context) -> int:
    if len(ctx.argv) != 3:
        await ctx.err("setprop: Need 2 arguments\n")
        return 1
    name, value = ctx.argv[1:]
    properties = ctx.device.properties
    try:
        if ctx.uid == SHELL and not properties.shell_may_set(name):
            raise PropertyError("permission denied")
        properties.set(name, value)
    except PropertyError:
        await ctx.err(f"Failed to set property '{name}' to '{value}'.\nSee dmesg for error reason.\n")
        return 1
    return 0
