"""timeout: run a program, but not for longer than a time in the handset's clock."""

from __future__ import annotations

import asyncio
import signal

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.kill import signal_of
from framework.virtual.commands.options import parse_options, to_nanoseconds

TIMED_OUT, KILLED = 124, 137


async def run(ctx: Context) -> int:
    long = {"signal": "s", "kill-after": "k", "foreground": "f", "preserve-status": "p", "verbose": "v"}
    options = parse_options(ctx.argv, "fvip", "ks", long=long, leading=True, minimum=2)
    number = signal_of(options.value("s", "TERM"))
    if number is None:
        raise CommandFault(f"bad -s: '{options.value('s')}'")
    clock = ctx.device.clock
    limit = clock.now_ns() + to_nanoseconds(options.operands[0])
    task = asyncio.ensure_future(ctx.launch(options.operands[1:]))
    expired = False

    def expire(_: int) -> None:
        nonlocal expired
        expired = True
        _signal_children(ctx, number)
        if "k" in options:
            timers.append(clock.at(clock.now_ns() + to_nanoseconds(options.value("k")), kill))

    def kill(_: int) -> None:
        _signal_children(ctx, signal.SIGKILL)

    timers = [clock.at(limit, expire)]
    try:
        status = await task
    finally:
        for timer in timers:
            timer.cancel()
        task.cancel()
    return status if not expired or "p" in options or status == KILLED else TIMED_OUT


def _signal_children(ctx: Context, number: int) -> None:
    for child in list(ctx.device.processes.children(ctx.process.pid)):
        child.signal(number)
