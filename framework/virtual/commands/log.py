"""log: write one line to the log (toybox's `log`)."""

from __future__ import annotations

from typing import get_args

from framework.virtual.android.logd import Level
from framework.virtual.commands.context import Context


async def run(ctx: Context) -> int:
    words = list(ctx.argv[1:])
    tag, level = "log", "I"
    while len(words) > 1 and words[0] in ("-t", "-p"):
        option, value = words.pop(0), words.pop(0)
        if option == "-t":
            tag = value
        else:
            level = value[:1].upper()
    priority = next((each for each in get_args(Level) if each == level), None)
    if priority is None:
        return await ctx.fail(f"bad -p '{level}'")
    ctx.device.log.write(tag, priority, " ".join(words), pid=ctx.process.pid, uid=ctx.uid)
    return 0
