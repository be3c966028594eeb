"""stat: what is known of files."""

from __future__ import annotations

import re
import stat as modes

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.dates import format_date
from framework.virtual.commands.modes import mode_text
from framework.virtual.commands.options import parse_options
from framework.virtual.system.nodes import Stat
from framework.virtual.system.users import user_name

KINDS = (
    (modes.S_ISDIR, "directory"),
    (modes.S_ISLNK, "symbolic link"),
    (modes.S_ISCHR, "character device"),
)
DEFAULT = """  File: %N
  Size: %s\t Blocks: %b\t IO Blocks: %B\t %F
Device: %Dh/%dd\t Inode: %i\t Links: %h\t Device type: %t,%T
Access: (%04a/%A)\tUid: (%5u/%8U)\tGid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z"""
FILE_SYSTEM = """  File: "%n"
    ID: %i Namelen: %l    Type: %T
Block Size: %s    Fundamental block size: %S
Blocks: Total: %b\tFree: %f\tAvailable: %a
Inodes: Total: %c\tFree: %d"""
BLOCK = 4096


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "Lft", "c", long={"format": "c"}, minimum=1)
    form = options.value("c") or (FILE_SYSTEM if "f" in options else DEFAULT)
    status = 0
    for name in options.operands:
        try:
            info = ctx.files.stat(ctx.path(name), follow="L" in options)
            values = _space(ctx, name) if "f" in options else _values(ctx, name, info)
        except OSError as error:
            status = await ctx.fail(f"'{name}': {reason(error)}")
            continue
        await ctx.out(_filled(form, values) + "\n")
    return status


def _filled(form: str, values: dict[str, str]) -> str:
    return re.sub(r"%(\d*)([a-zA-Z%])", lambda found: _field(found, values), form)


def _field(found: re.Match[str], values: dict[str, str]) -> str:
    text = "%" if found[2] == "%" else values.get(found[2], f"%{found[2]}")
    return text.rjust(int(found[1] or 0))


def _values(ctx: Context, name: str, info: Stat) -> dict[str, str]:
    moment = format_date("%Y-%m-%d %H:%M:%S.%N +0000", info.mtime * 1_000_000_000)
    kind = next(
        (text for test, text in KINDS if test(info.mode)), "regular file" if info.size else "regular empty file"
    )
    shown = name
    if modes.S_ISLNK(info.mode):
        shown += f" -> '{ctx.files.readlink(ctx.path(name))}'"
    return {
        "a": f"{info.mode & 0o7777:o}",
        "A": mode_text(info.mode),
        "b": str((info.size + BLOCK - 1) // BLOCK * 8),
        "B": "512",
        "d": "64768",
        "D": "fd00",
        "f": f"{info.mode:x}",
        "F": kind,
        "g": str(info.gid),
        "G": user_name(info.gid),
        "h": str(info.nlink),
        "i": str(info.ino),
        "m": "/",
        "n": name,
        "N": shown,
        "o": str(BLOCK),
        "s": str(info.size),
        "t": f"{info.rdev >> 8:x}",
        "T": f"{info.rdev & 255:x}",
        "u": str(info.uid),
        "U": user_name(info.uid),
        **dict.fromkeys("xyz", moment),
        **dict.fromkeys("XYZ", str(info.mtime)),
    }


def _space(ctx: Context, name: str) -> dict[str, str]:
    total, free = ctx.files.total_bytes() // BLOCK, ctx.files.free_bytes() // BLOCK
    values = {"n": name, "i": "0", "l": "255", "T": "f2fs", "s": str(BLOCK), "S": str(BLOCK)}
    return values | {"b": str(total), "f": str(free), "a": str(free), "c": str(total // 4), "d": str(free // 4)}
