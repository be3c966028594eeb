"""rmdir: remove empty directories."""

from __future__ import annotations

import posixpath

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "pi", long={"ignore-fail-on-non-empty": "i", "parents": "p"}, minimum=1)
    status = 0
    for name in options.operands:
        while name:
            try:
                ctx.files.rmdir(ctx.path(name))
            except OSError as error:
                if "i" not in options:
                    status = await ctx.fail(f"{name}: {reason(error)}")
                break
            name = posixpath.dirname(name) if "p" in options else ""
    return status
