"""chmod: change file modes."""

from __future__ import annotations

import stat

from framework.virtual.commands.context import CommandFault, Context, reason
from framework.virtual.commands.modes import changed_mode
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    words = [word for word in ctx.argv[1:] if word in ("-R", "-v", "-f", "-Rf", "-Rv")]
    options = parse_options((ctx.argv[0], *words), "Rvf")
    rest = [word for word in ctx.argv[1:] if word not in words and word != "--"]
    if len(rest) < 2:
        raise CommandFault('Needs 2 arguments (see "chmod --help")')
    status = 0
    for name in rest[1:]:
        status |= await _change(ctx, rest[0], name, recursive="R" in options)
    return status


async def _change(ctx: Context, mode: str, name: str, *, recursive: bool) -> int:
    path = ctx.path(name)
    try:
        info = ctx.files.stat(path)
        is_directory = stat.S_ISDIR(info.mode)
        ctx.files.chmod(path, changed_mode(mode, info.mode & 0o7777, is_directory=is_directory, umask=ctx.umask))
        names = ctx.files.listdir(path) if recursive and is_directory else []
    except OSError as error:
        return await ctx.fail(f"{name}: {reason(error)}")
    status = 0
    for entry in names:
        status |= await _change(ctx, mode, f"{name.rstrip('/')}/{entry}", recursive=True)
    return status
