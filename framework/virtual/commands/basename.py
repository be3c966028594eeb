"""basename and dirname: parts of paths."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    if ctx.name == "dirname":
        for path in parse_options(ctx.argv, minimum=1).operands:
            await ctx.out(f"{_folder(path)}\n")
        return 0
    options = parse_options(ctx.argv, "a", "s", minimum=1)
    paths, suffix = options.operands, options.value("s")
    if "a" not in options and "s" not in options and len(paths) == 2:
        paths, suffix = paths[:1], paths[1]
    for path in paths:
        await ctx.out(f"{_base(path, suffix)}\n")
    return 0


def _base(path: str, suffix: str) -> str:
    name = path.rstrip("/").rsplit("/", 1)[-1] or ("/" if path else "")
    return name.removesuffix(suffix) if suffix and name != suffix else name


def _folder(path: str) -> str:
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else "."
    if "/" not in stripped:
        return "."
    return stripped.rsplit("/", 1)[0].rstrip("/") or "/"
