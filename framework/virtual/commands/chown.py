"""chown and chgrp: change owners and groups."""

from __future__ import annotations

import stat

from framework.virtual.commands.context import CommandFault, Context, reason
from framework.virtual.commands.options import parse_options
from framework.virtual.system.users import user_id


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "hPLHRfv", minimum=2)
    owner, *names = options.operands
    user, _, group = owner.partition(":") if ctx.name == "chown" else ("", ":", owner)
    uid, gid = _lookup(user, "user"), _lookup(group, "group")
    status = 0
    for name in names:
        status |= await _change(ctx, name, uid, gid, recursive="R" in options)
    return status


def _lookup(name: str, kind: str) -> int | None:
    try:
        return user_id(name) if name else None
    except StopIteration:
        raise CommandFault(f"no {kind} '{name}'") from None


async def _change(ctx: Context, name: str, uid: int | None, gid: int | None, *, recursive: bool) -> int:
    path = ctx.path(name)
    try:
        ctx.files.chown(path, uid, gid)
        info = ctx.files.stat(path, follow=False)
        names = ctx.files.listdir(path) if recursive and stat.S_ISDIR(info.mode) else []
    except OSError as error:
        return await ctx.fail(f"'{name}': {reason(error)}")
    status = 0
    for entry in names:
        status |= await _change(ctx, f"{name.rstrip('/')}/{entry}", uid, gid, recursive=True)
    return status
