"""which: where programs are."""

from __future__ import annotations

import stat

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options
from framework.virtual.system.tree import EXECUTE


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "a", minimum=1)
    status = 0
    for name in options.operands:
        folders = [""] if "/" in name else ctx.env.get("PATH", "").split(":")
        places = [f"{folder}/{name}" if folder else name for folder in folders]
        found = [place for place in places if _runnable(ctx, place)]
        for place in found if "a" in options else found[:1]:
            await ctx.out(f"{place}\n")
        status |= not found
    return status


def _runnable(ctx: Context, place: str) -> bool:
    path = ctx.path(place)
    try:
        return not stat.S_ISDIR(ctx.files.stat(path).mode) and ctx.files.access(path, EXECUTE)
    except OSError:
        return False
