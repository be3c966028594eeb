"""cat: copy files to standard output."""

from __future__ import annotations

from framework.virtual.commands.context import Context


async def run(ctx: Context) -> int:
    status = 0
    for name in ctx.argv[1:] or ("-",):
        if name == "-":
            while data := await ctx.stdin.read():
                await ctx.stdout.write(data)
            continue
        try:
            with ctx.files.open(ctx.path(name), uid=ctx.uid) as file:
                while data := file.read(65536):
                    await ctx.stdout.write(data)
        except OSError as error:
            status = await ctx.fail_on(name, error)
    return status
