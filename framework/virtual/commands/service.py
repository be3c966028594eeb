"""service: what service manager knows (AOSP frameworks/native/cmds/service)."""

from __future__ import annotations

from framework.virtual.android.binder import find_service, services_of
from framework.virtual.commands.context import Context

USAGE = "Usage: service list\n       service check SERVICE\n"


async def run(ctx: Context) -> int:
    match ctx.argv[1:]:
        case ("list",):
            services = services_of(ctx.device)
            lines = [f"{number}\t{each.name}: [{each.interface}]\n" for number, each in enumerate(services)]
            await ctx.out(f"Found {len(services)} services:\n" + "".join(lines))
            return 0
        case ("check", name):
            await ctx.out(f"Service {name}: {'not found' if find_service(ctx.device, name) is None else 'found'}\n")
            return 0
    await ctx.out(USAGE)
    return 10
