"""test and `[` as programs, for those that run them without a shell."""

from __future__ import annotations

from framework.virtual.commands.context import Context
from framework.virtual.shell.interpreter import Interpreter
from framework.virtual.shell.program import Call, new_state


async def run(ctx: Context) -> int:
    shell = Interpreter(new_state(ctx, Call(name=ctx.argv[0])))
    try:
        return await shell.call((ctx.name, *ctx.argv[1:]))
    finally:
        shell.state.close_fds()
