"""date: the handset's wall clock."""

from __future__ import annotations

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.dates import format_date, parse_date
from framework.virtual.commands.options import parse_options

DEFAULT = "%a %b %e %H:%M:%S %Z %Y"
ISO = {"date": "%Y-%m-%d", "hours": "%Y-%m-%dT%H+00:00", "minutes": "%Y-%m-%dT%H:%M+00:00"}
ISO |= {"seconds": "%Y-%m-%dT%H:%M:%S+00:00", "ns": "%Y-%m-%dT%H:%M:%S,%N+00:00"}


async def run(ctx: Context) -> int:
    options = parse_options(ctx.argv, "u", "drDI", long={"date": "d", "reference": "r", "utc": "u"})
    ns = ctx.device.clock.wall_ns()
    if "d" in options:
        ns = parse_date(options.value("d"), ns // 1_000_000_000) * 1_000_000_000
    elif "r" in options:
        ns = ctx.files.stat(ctx.path(options.value("r"))).mtime * 1_000_000_000
    form = ISO.get(options.value("I"), DEFAULT)
    for operand in options.operands:
        if not operand.startswith("+"):
            raise CommandFault("cannot set date: Operation not permitted")
        form = operand[1:]
    await ctx.out(f"{format_date(form, ns)}\n")
    return 0
