"""dmesg and reboot: what shell may not read of the kernel, and what it may ask of init."""

from __future__ import annotations

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    if ctx.name == "dmesg":
        parse_options(ctx.argv, "CcrStTw", "ns")
        raise CommandFault("klogctl: Permission denied")
    options = parse_options(ctx.argv, "p")
    if "p" in options:
        raise CommandFault("this emulated handset cannot be switched off; end the process that emulates it")
    ctx.device.reboot()
    await ctx.device.clock.sleep(1_000_000_000)  # init ends everything, this too
    return 0
