"""flock: lock a file, or the file behind a descriptor that the shell has opened."""

from __future__ import annotations

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import Options, parse_options
from framework.virtual.system.openfile import OpenRegular


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "sxuno", minimum=1, maximum=1)
    word = options.operands[0]
    if not word.isdecimal():
        raise CommandFault(f"not integer: {word}")
    descriptor = ctx.fds.get(int(word))
    if descriptor is None or not isinstance(descriptor.file, OpenRegular):
        return await ctx.fail(f"{word}: Bad file descriptor")
    return await _lock(descriptor.file, options)


async def _lock(file: OpenRegular, options: Options) -> int:
    exclusive = "s" not in options
    if "u" in options:
        file.unlock()
    elif "n" in options:
        return int(not file.try_lock(exclusive=exclusive))
    else:
        await file.lock(exclusive=exclusive)
    return 0
