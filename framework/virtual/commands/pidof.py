"""pidof: the processes of a name."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.commands.options import parse_options


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "sx", "o", minimum=1)
    left_out = {word for value in options.values.get("o", []) for word in value.split(",")}
    found = [
        str(process.pid)
        for process in reversed(ctx.device.processes.all())
        if process.running and process.pid != ctx.process.pid and _called(process.name) in options.operands
    ]
    pids = [pid for pid in found if pid not in left_out][: 1 if "s" in options else None]
    if pids:
        await ctx.out(" ".join(pids) + "\n")
    return 0 if pids else 1


def _called(command_line: str) -> str:
    """What a process goes by: its first word, without folders."""
    return command_line.replace("\0", " ").split(" ", 1)[0].rsplit("/", 1)[-1]
