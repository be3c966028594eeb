"""tee: copy standard input to standard output and to files."""

from __future__ import annotations

from contextlib import ExitStack

from framework.virtual.commands.context import Context
from framework.virtual.commands.inputs import chunks
from framework.virtual.commands.options import parse_options

NEW_FILE = 0o666


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "ai", long={"append": "a"})
    status = 0
    with ExitStack() as stack:
        files = []
        for name in options.operands:
            mode = "a" if "a" in options else "w"
            try:
                file = ctx.files.open(ctx.path(name), mode, perm=NEW_FILE & ~ctx.umask, uid=ctx.uid)
                files.append(stack.enter_context(file))
            except OSError as error:
                status = await ctx.fail_on(name, error)
        async for data in chunks(ctx.stdin):
            for file in files:
                file.write(data)
            await ctx.stdout.write(data)
    return status
