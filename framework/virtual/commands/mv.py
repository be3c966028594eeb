"""mv: rename files and directories."""

from __future__ import annotations

import posixpath

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.cp import destination, is_directory
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    long = {"force": "f", "verbose": "v", "no-clobber": "n", "target-directory": "t"}
    options = parse_options(ctx.argv, "fiTnv", "t", long=long)
    target, sources = destination(ctx, options)
    into = is_directory(ctx, target) and "T" not in options
    status = 0
    for source in sources:
        name = posixpath.basename(source.rstrip("/"))
        place = f"{target.rstrip('/')}/{name}" if into else target
        if "n" in options and ctx.files.exists(ctx.path(place)):
            continue
        status |= await _move(ctx, source, place, verbose="v" in options)
    return status


async def _move(ctx: Context, source: str, place: str, *, verbose: bool) -> int:
    try:
        ctx.files.stat(ctx.path(source), follow=False)
    except OSError as error:
        return await ctx.fail(f"bad '{source}': {reason(error)}")
    try:
        ctx.files.rename(ctx.path(source), ctx.path(place))
    except OSError as error:
        return await ctx.fail(f"'{place}': {reason(error)}")
    if verbose:
        await ctx.out(f"mv '{source}' -> '{place}'\n")
    return 0
