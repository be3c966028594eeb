"""sleep and usleep: wait, in the handset's time."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options, to_nanoseconds, to_number


async def run(ctx: Context) -> int:
    operands = parse_options(ctx.argv, minimum=1).operands
    micro = ctx.name == "usleep"
    await ctx.device.clock.sleep(sum(to_number(word) * 1_000 if micro else to_nanoseconds(word) for word in operands))
    return 0
