"""base64: bytes as text and back."""

from __future__ import annotations

import base64
import binascii

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.inputs import read_all
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "di", "w", long={"decode": "d", "wrap": "w"}, maximum=1)
    data = await read_all(ctx, options.operands[0] if options.operands else "-")
    if "d" in options:
        try:
            await ctx.stdout.write(base64.b64decode(data, validate=False))
        except binascii.Error:
            raise CommandFault("bad input") from None
        return 0
    text = base64.b64encode(data)
    width = options.number("w", 76) or len(text) or 1
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    end = b"" if options.value("w") == "0" else b"\n"
    await ctx.stdout.write(b"\n".join(lines) + (end if lines else b""))
    return 0
