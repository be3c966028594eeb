"""cp: copy files and directories."""

from __future__ import annotations

import posixpath
import stat

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.copying import Copier
from framework.virtual.commands.options import Options, parse_options


async def run(ctx: Context) -> int:
    long = {"archive": "a", "force": "f", "recursive": "r", "verbose": "v", "preserve": "p", "no-clobber": "n"}
    options = parse_options(ctx.argv, "adfiHLlnPpRrsTuv", "t", long=long)
    target, sources = destination(ctx, options)
    recursive = any(letter in options for letter in "aRr")
    copier = Copier(
        ctx,
        recursive=recursive,
        preserve="a" in options or "p" in options,
        follow="L" in options or not (recursive or "P" in options or "d" in options),
        force="f" in options,
        keep_existing="n" in options,
        verbose="v" in options,
    )
    into = is_directory(ctx, target) and "T" not in options
    for source in sources:
        name = posixpath.basename(source.rstrip("/")) or source
        await copier.copy(source, f"{target.rstrip('/')}/{name}" if into else target)
    return copier.status


def destination(ctx: Context, options: Options) -> tuple[str, list[str]]:
    """Where to and what: the last operand, or -t, and the others. Raises CommandFault."""
    operands = list(options.operands)
    if len(operands) < (1 if "t" in options else 2):
        raise CommandFault("Needs 2 arguments")
    target = options.value("t") if "t" in options else operands.pop()
    if len(operands) > 1 and not is_directory(ctx, target):
        raise CommandFault(f"'{target}' not directory")
    return target, operands


def is_directory(ctx: Context, name: str) -> bool:
    try:
        return stat.S_ISDIR(ctx.files.stat(ctx.path(name)).mode)
    except OSError:
        return False
