"""cmp: whether two files are the same."""

from __future__ import annotations

from framework.virtual.commands.context import Context, reason
from framework.virtual.commands.inputs import read_all
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "ls", "n", long={"quiet": "s", "silent": "s"}, minimum=1)
    first, second = (*options.operands, "-")[:2]
    contents = []
    for name in (first, second):
        try:
            contents.append(await read_all(ctx, name))
        except OSError as error:
            return 2 if "s" in options else await ctx.fail(f"{name}: {reason(error)}", 2)
    limit = options.number("n", max(map(len, contents)))
    left, right = (data[:limit] for data in contents)
    if left == right:
        return 0
    if "s" not in options:
        await _tell(ctx, first, second, left, right, every="l" in options)
    return 1


async def _tell(ctx: Context, first: str, second: str, left: bytes, right: bytes, *, every: bool) -> None:
    common = min(len(left), len(right))
    places = [place for place in range(common) if left[place] != right[place]]
    if every:
        await ctx.out("".join(f"{place + 1} {left[place]:o} {right[place]:o}\n" for place in places))
    elif places:
        line = left[: places[0]].count(b"\n") + 1
        await ctx.out(f"{first} {second} differ: char {places[0] + 1}, line {line}\n")
        return
    if len(left) != len(right):
        await ctx.err(f"cmp: EOF on {first if len(left) < len(right) else second}\n")
