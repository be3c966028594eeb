"""readlink and realpath: where links lead."""

from __future__ import annotations

import errno
import os

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    return await (_realpath(ctx) if ctx.name == "realpath" else _readlink(ctx))


async def _readlink(ctx: Context) -> int:
    options = parse_options(ctx.argv, "nqmef", minimum=1)
    status = 0
    for name in options.operands:
        try:
            found = _canonical(ctx, name, options.last_of("mef")) if options.last_of("mef") else None
            found = found or ctx.files.readlink(ctx.path(name))
        except OSError:
            status = 1
            continue
        await ctx.out(found if "n" in options else f"{found}\n")
    return status


async def _realpath(ctx: Context) -> int:
    options = parse_options(ctx.argv, "emqsLPz", long={"canonicalize-existing": "e"}, minimum=1)
    status = 0
    for name in options.operands:
        try:
            await ctx.out(f"{_canonical(ctx, name, options.last_of('em', 'f'))}\n")
        except OSError as error:
            status = 1
            if "q" not in options:
                await ctx.fail(f"{name}: {reason(error)}")
    return status


def _canonical(ctx: Context, name: str, kind: str) -> str:
    """`e`: it must exist; `f`: its directory must; `m`: nothing need."""
    path = ctx.path(name)
    if kind == "e" and not ctx.files.exists(path):
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    if kind != "m":
        return ctx.files.realpath(path)
    try:
        return ctx.files.realpath(path)
    except FileNotFoundError:
        return os.path.normpath(path)
