"""touch: make files, or give them another time."""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.dates import parse_date
from framework.virtual.commands.options import parse_options

NEW_FILE = 0o666


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "acmhf", "drt", long={"date": "d", "reference": "r", "no-create": "c"}, minimum=1)
    now = ctx.device.clock.wall_ns() // 1_000_000_000
    if "d" in options or "t" in options:
        now = parse_date(options.value("d") or options.value("t"), now)
    elif "r" in options:
        now = ctx.files.stat(ctx.path(options.value("r"))).mtime
    status = 0
    for name in options.operands:
        path = ctx.path(name)
        try:
            if not ctx.files.exists(path):
                if "c" in options:
                    continue
                ctx.files.open(path, "a", perm=NEW_FILE & ~ctx.umask, uid=ctx.uid).close()
            ctx.files.utime(path, now)
        except OSError as error:
            status = await ctx.fail(f"'{name}': {reason(error)}")
    return status
