"""mkdir: make directories."""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.modes import changed_mode
from framework.virtual.commands.options import parse_options

EVERYTHING = 0o777


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "pv", "m", long={"parents": "p", "parent": "p", "mode": "m"}, minimum=1)
    mode = EVERYTHING & ~ctx.umask
    if "m" in options:
        mode = changed_mode(options.value("m"), mode, is_directory=True, umask=ctx.umask)
    status = 0
    for name in options.operands:
        try:
            ctx.files.mkdir(ctx.path(name), mode, parents="p" in options)
        except OSError as error:
            status = await ctx.fail(f"'{name}': {reason(error)}")
        else:
            if "v" in options:
                await ctx.err(f"mkdir: created directory '{name}'\n")
    return status
