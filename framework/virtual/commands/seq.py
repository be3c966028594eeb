"""seq: numbers in a row."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.options import parse_options

BATCH = 1000
NEGATIVE = re.compile(r"-[0-9.]")


async def run(ctx: Context) -> int:
    first_number = next((i for i, word in enumerate(ctx.argv) if NEGATIVE.match(word)), len(ctx.argv))
    argv = [*ctx.argv[:first_number], "--", *ctx.argv[first_number:]]
    options = parse_options(argv, "w", "sf", minimum=1, maximum=3)
    numbers = [_number(word) for word in options.operands]
    first = numbers[0] if len(numbers) > 1 else Decimal(1)
    step = numbers[1] if len(numbers) > 2 else Decimal(1)
    last = numbers[-1]
    if step == 0:
        return 1
    digits = max(_fraction(word) for word in options.operands)
    width = max(len(f"{value:.{digits}f}") for value in (first, last)) if "w" in options else 0
    form = options.value("f") or f"%0{width}.{digits}f"
    await _write(ctx, first, step, last, form, options.value("s", "\n"))
    return 0


async def _write(ctx: Context, first: Decimal, step: Decimal, last: Decimal, form: str, separator: str) -> None:
    batch: list[str] = []
    value, started = first, False
    while (value <= last) if step > 0 else (value >= last):
        batch.append((separator if started else "") + form % value)
        started = True
        value += step
        if len(batch) == BATCH:
            await ctx.out("".join(batch))
            batch.clear()
    if started:
        await ctx.out("".join(batch) + "\n")


def _number(word: str) -> Decimal:
    try:
        return Decimal(word)
    except InvalidOperation:
        raise CommandFault(f"bad number '{word}'") from None


def _fraction(word: str) -> int:
    return len(word.partition(".")[2])
