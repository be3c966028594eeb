"""comm: what two sorted files have in common, and what each has alone."""

from __future__ import annotations

from framework.virtual.commands.context import Context, to_text
from framework.virtual.commands.inputs import read_all
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "123", minimum=2, maximum=2)
    files = []
    for name in options.operands:
        try:
            files.append(to_text(await read_all(ctx, name)).splitlines())
        except OSError as error:
            return await ctx.fail_on(name, error)
    left, right = files
    shown = [column not in options for column in "123"]
    text = []
    while left or right:
        column = 2 if left[:1] == right[:1] else 0 if right[:1] == [] or (left and left[0] < right[0]) else 1
        line = (right if column == 1 else left).pop(0)
        if column == 2:
            right.pop(0)
        if shown[column]:
            text.append("\t" * sum(shown[:column]) + line + "\n")
    await ctx.out("".join(text))
    return 0
