"""nproc: how many processors there are."""

from __future__ import annotations

from framework.virtual.commands.context import Context


async def run(ctx: Context) -> int:
    text = ctx.device.files.read("/proc/cpuinfo").decode()
    await ctx.out(f"{sum(line.startswith('processor') for line in text.splitlines()) or 1}\n")
    return 0
