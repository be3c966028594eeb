"""id, whoami, groups and logname: who the user is."""

from __future__ import annotations

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import parse_options
from framework.virtual.system.users import SHELL, SHELL_GROUPS, user_id, user_name


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "nGgruZ", maximum=1)
    uid = ctx.uid
    if options.operands:
        try:
            uid = user_id(options.operands[0])
        except StopIteration:
            raise CommandFault(f"no user '{options.operands[0]}'") from None
    await ctx.out(f"{_answer(ctx.name, uid, options.flags)}\n")
    return 0


def _answer(name: str, uid: int, flags: list[str]) -> str:
    groups = SHELL_GROUPS if uid == SHELL else (uid,)
    if name in ("whoami", "logname"):
        return user_name(uid)
    if "Z" in flags:
        return _context(uid)
    if name == "groups" or "G" in flags:
        return " ".join(_shown(gid, named=name == "groups" or "n" in flags) for gid in groups)
    if "u" in flags or "g" in flags:
        return _shown(uid, named="n" in flags)
    listed = ",".join(f"{gid}({user_name(gid)})" for gid in groups)
    user = f"{uid}({user_name(uid)})"
    return f"uid={user} gid={user} groups={listed} context={_context(uid)}"


def _shown(number: int, *, named: bool) -> str:
    return user_name(number) if named else str(number)


def _context(uid: int) -> str:
    """SELinux's name for what this user may do."""
    return "u:r:shell:s0" if uid == SHELL else "u:r:su:s0"
