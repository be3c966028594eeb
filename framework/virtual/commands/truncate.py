"""truncate and fallocate: files of a given size."""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.options import parse_options, to_number

NEW_FILE = 0o666


async def run(ctx: Context) -> int:
    flags, values = ("c", "s") if ctx.name == "truncate" else ("", "lo")
    options = parse_options(ctx.argv, flags, values, long={"size": "s", "length": "l"}, minimum=1)
    text = options.value("s") or options.value("l", "0")
    status = 0
    for name in options.operands:
        path = ctx.path(name)
        if "c" in options and not ctx.files.exists(path):
            continue
        try:
            with ctx.files.open(path, "w+", perm=NEW_FILE & ~ctx.umask, uid=ctx.uid) as file:
                size = to_number(text.lstrip("+-<>/%"))
                size = {"+": file.size + size, "-": max(0, file.size - size)}.get(text[:1], size)
                file.truncate(max(size, file.size) if ctx.name == "fallocate" else size)
        except OSError as error:
            status = await ctx.fail(f"'{name}': {reason(error)}")
    return status
