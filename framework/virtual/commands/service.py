"""service: what service manager knows (AOSP frameworks/native/cmds/service)."""

from __future__ import annotations

from framework.virtual.android.binder import SERVICES, find_service
from framework.virtual.commands.context import Context

USAGE = "Usage: service list\n       service check SERVICE\n"


async def run(ctx: Context) -> int:
    match ctx.argv[1:]:
        case ("list",):
            lines = [f"{number}\t{each.name}: [{each.interface}]\n" for number, each in enumerate(SERVICES)]
            await ctx.out(f"Found {len(SERVICES)} services:\n" + "".join(lines))
            return 0
        case ("check", name):
            await ctx.out(f"Service {name}: {'not found' if find_service(name) is None else 'found'}\n")
            return 0
    await ctx.out(USAGE)
    return 10
