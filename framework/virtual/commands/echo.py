"""echo, as toybox has it for programs that are not the shell."""

from __future__ import annotations

import re

from framework.virtual.commands.context import Context
from framework.virtual.commands.escapes import decode


async def run(ctx: Context) -> int:
    words = list(ctx.argv[1:])
    letters = ""
    while words and re.fullmatch(r"-[neE]+", words[0]):
        letters += words.pop(0)[1:]
    text = " ".join(words)
    if "e" in letters:
        text = decode(text, zero_octal=True)
    await ctx.out(text if "n" in letters else f"{text}\n")
    return 0
