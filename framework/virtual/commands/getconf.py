"""getconf: limits of the system."""

from __future__ import annotations

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "al", minimum=1)
    name = options.operands[0]
    processors = ctx.device.files.read("/proc/cpuinfo").decode().count("processor\t") or 1
    values = {
        "PAGESIZE": 4096,
        "PAGE_SIZE": 4096,
        "CLK_TCK": 100,
        "ARG_MAX": 131072,
        "NAME_MAX": 255,
        "PATH_MAX": 4096,
        "LONG_BIT": 64,
        "_NPROCESSORS_CONF": processors,
        "_NPROCESSORS_ONLN": processors,
    }
    if name not in values:
        raise CommandFault(f"bad '{name}'")
    await ctx.out(f"{values[name]}\n")
    return 0
