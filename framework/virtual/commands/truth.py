"""true, false, sync: programs that only succeed or fail."""

from __future__ import annotations

from framework.virtual.commands.context import Context


async def run(ctx: Context) -> int:
    return int(ctx.name == "false")
