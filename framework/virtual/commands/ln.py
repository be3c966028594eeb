"""ln: hard and symbolic links."""

from __future__ import annotations

import posixpath

from framework.virtual.commands.context import CommandFault, Context, reason
from framework.virtual.commands.cp import is_directory
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "sfnvTr", "t", long={"symbolic": "s", "force": "f"}, minimum=1)
    targets = list(options.operands)
    place = options.value("t") or (targets.pop() if len(targets) > 1 else ".")
    into = is_directory(ctx, place) and not ("T" in options or "n" in options)
    if len(targets) > 1 and not into:
        raise CommandFault(f"'{place}' not a directory")
    status = 0
    for target in targets:
        name = f"{place.rstrip('/')}/{posixpath.basename(target.rstrip('/'))}" if into else place
        try:
            _link(ctx, target, ctx.path(name), symbolic="s" in options, force="f" in options)
        except OSError as error:
            kind = "symbolic" if "s" in options else "hard"
            status = await ctx.fail(f"cannot create {kind} link from '{target}' to '{name}': {reason(error)}")
    return status


def _link(ctx: Context, target: str, path: str, *, symbolic: bool, force: bool) -> None:
    if force:
        _make_room(ctx, path)
    if symbolic:
        ctx.files.symlink(target, path)
    else:
        ctx.files.link(ctx.path(target), path)


def _make_room(ctx: Context, path: str) -> None:
    try:
        ctx.files.stat(path, follow=False)
    except FileNotFoundError:
        return
    ctx.files.remove(path)
