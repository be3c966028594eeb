"""sleep: wait, in the handset's time."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options, to_nanoseconds


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, minimum=1)
    await ctx.device.clock.sleep(sum(to_nanoseconds(word) for word in options.operands))
    return 0
