"""gzip, gunzip and zcat: files made smaller, and back."""

from __future__ import annotations

import gzip
import zlib

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.inputs import read_all
from framework.virtual.commands.options import Options, parse_options

SUFFIX = ".gz"


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "cdfk123456789")
    unpack = ctx.name in ("gunzip", "zcat") or "d" in options
    to_stdout = ctx.name == "zcat" or "c" in options
    status = 0
    for name in options.operands or ["-"]:
        try:
            await _one(ctx, name, options, unpack=unpack, to_stdout=to_stdout or name == "-")
        except OSError as error:
            status = await ctx.fail_on(name, error)
        except (CommandFault, EOFError, zlib.error) as error:
            status = await ctx.fail(f"{name}: {error}" if isinstance(error, CommandFault) else "crc or size mismatch")
    return status


async def _one(ctx: Context, name: str, options: Options, *, unpack: bool, to_stdout: bool) -> None:
    target = name.removesuffix(SUFFIX) if unpack else name + SUFFIX
    if target == name and not to_stdout:
        raise CommandFault("no .gz suffix")
    data = await read_all(ctx, name)
    level = int(options.last_of("123456789", "6"))
    made = gzip.decompress(data) if unpack else gzip.compress(data, level, mtime=0)
    if to_stdout:
        await ctx.stdout.write(made)
        return
    files, path = ctx.files, ctx.path(target)
    if files.exists(path) and "f" not in options:
        raise CommandFault(f"{target}: File exists")
    files.write(path, made, mode=files.stat(ctx.path(name)).mode & 0o777)
    if "k" not in options:
        files.remove(ctx.path(name))
