"""wc: count lines, words, characters and bytes."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.inputs import chunks, for_each
from framework.virtual.commands.options import parse_options
from framework.virtual.system.pipes import Reader

KINDS = "lwmcL"


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, KINDS)
    wanted = [kind for kind in KINDS if kind in options.flags] or ["l", "w", "c"]
    totals = dict.fromkeys(KINDS, 0)
    named = len(options.operands)

    async def count(name: str, reader: Reader) -> None:
        data = b"".join([piece async for piece in chunks(reader)])
        counts = _count(data)
        for kind in KINDS:
            totals[kind] = max(totals[kind], counts[kind]) if kind == "L" else totals[kind] + counts[kind]
        await ctx.out(_line(counts, wanted, name if named else ""))

    status = await for_each(ctx, options.operands, count)
    if named > 1:
        await ctx.out(_line(totals, wanted, "total"))
    return status


def _count(data: bytes) -> dict[str, int]:
    text = data.decode("utf-8", "replace")
    return {
        "l": data.count(b"\n"),
        "w": len(data.split()),
        "m": len(text),
        "c": len(data),
        "L": max((len(line) for line in text.split("\n")), default=0),
    }


def _line(counts: dict[str, int], wanted: list[str], name: str) -> str:
    """One number alone is not padded."""
    numbers = [str(counts[kind]) for kind in wanted]
    text = numbers[0] if len(numbers) == 1 else " ".join(f"{number:>7}" for number in numbers)
    return f"{text} {name}\n" if name else f"{text}\n"
