"""nohup, setsid and nice: programs that outlive whoever started them, or run beside the others."""

from __future__ import annotations

import signal

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    flags, values = {"nice": ("", "n"), "setsid": ("cdw", "")}.get(ctx.name, ("", ""))
    options = parse_options(ctx.argv, flags, values, leading=True)
    if not options.operands:
        raise CommandFault(f'Needs 1 argument (see "{ctx.name} --help")')
    if ctx.name != "nice":
        ctx.process.ignored.add(signal.SIGHUP)
        ctx.process.session = ctx.process.pid
    status = await ctx.launch(options.operands)
    if status == 127:
        return await ctx.fail(f"exec {options.operands[0]}: No such file or directory", 127)
    return status
