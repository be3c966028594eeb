"""mount (as a list) and mountpoint."""

from __future__ import annotations

import stat

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import parse_options
from framework.virtual.system.layout import MOUNTS


async def run(ctx: Context) -> int:
    if ctx.name == "mountpoint":
        return await _mountpoint(ctx)
    options = parse_options(ctx.argv, "afnrsvwO", "ot")
    if options.operands:
        raise CommandFault("Operation not permitted")
    for mount in MOUNTS:
        if mount.kind == options.value("t", mount.kind):
            await ctx.out(f"{mount.device} on {mount.path} type {mount.kind} ({mount.options})\n")
    return 0


async def _mountpoint(ctx: Context) -> int:
    options = parse_options(ctx.argv, "qdx", minimum=1, maximum=1)
    name = options.operands[0]
    path = ctx.files.realpath(ctx.path(name))
    if not stat.S_ISDIR(ctx.files.stat(path).mode):
        raise CommandFault(f"{name}: not a directory")
    mounted = any(path == mount.path for mount in MOUNTS)
    if "q" not in options:
        await ctx.out(f"{name} is {'' if mounted else 'not '}a mountpoint\n")
    return int(not mounted)
