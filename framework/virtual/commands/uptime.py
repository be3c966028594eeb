"""uptime: how long the handset has been on, and how busy it is."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.dates import format_date
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "ps")
    clock = ctx.device.clock
    if "s" in options:
        await ctx.out(f"{format_date('%Y-%m-%d %H:%M:%S', clock.wall_ns() - clock.now_ns())}\n")
        return 0
    minutes = clock.now_ns() // 60_000_000_000
    days, hours = minutes // 1440, minutes // 60 % 24
    up = (f"{days} day{'s' * (days != 1)}, " if days else "") + (
        f"{hours:2d}:{minutes % 60:02d}" if hours else f"{minutes % 60} min"
    )
    loads = ", ".join(ctx.device.files.read("/proc/loadavg").decode().split()[:3])
    now = format_date("%H:%M:%S", clock.wall_ns())
    await ctx.out(f" {now} up {up},  0 users,  load average: {loads}\n")
    return 0
