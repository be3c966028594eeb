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
    padded = named > 1 or (not named and len(wanted) > 1)

    async def count(name: str, reader: Reader) -> None:
        data = b"".join([piece async for piece in chunks(reader)])
        counts = _count(data)
        for kind in KINDS:
            totals[kind] = max(totals[kind], counts[kind]) if kind == "L" else totals[kind] + counts[kind]
        await ctx.out(_line(counts, wanted, name if named else "", padded=padded))

    status = await for_each(ctx, options.operands, count)
    if named > 1:
        await ctx.out(_line(totals, wanted, "total", padded=padded))
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


def _line(counts: dict[str, int], wanted: list[str], name: str, *, padded: bool) -> str:
    text = " ".join(f"{counts[kind]:{7 if padded else 0}d}" for kind in wanted)
    return f"{text} {name}\n" if name else f"{text}\n"
