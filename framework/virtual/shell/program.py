"""The program sh: a script after -c, in a file, or on standard input."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from framework.virtual.commands.context import Context, reason, to_text, unheard
from framework.virtual.shell.builtins.options import set_options
from framework.virtual.shell.interpreter import Interpreter
from framework.virtual.shell.parser import parse
from framework.virtual.shell.state import LineInterrupted, ShellAbort, ShellExit, State, computed_variables
from framework.virtual.shell.syntax import Script
from framework.virtual.shell.traps import catch, run_pending
from framework.virtual.shell.variables import ShellFault, Variables
from framework.virtual.system.descriptors import Descriptor

INTERRUPTED = 128 + signal.SIGINT


@dataclass(slots=True)
class Call:
    """What sh's command line says: where the script is, `$0`, and `$1`…"""

    command: str | None = None
    name: str = ""
    positional: list[str] = field(default_factory=list)
    options: set[str] = field(default_factory=set)
    from_stdin: bool = False


async def run(ctx: Context) -> int:
    try:
        call = _read(ctx.argv)
    except ShellFault as fault:
        return await ctx.fail(str(fault))
    state = new_state(ctx, call)
    shell = Interpreter(state)
    if call.command is not None:
        return await shell.run(parse(call.command))
    if call.from_stdin:
        return await _run_lines(shell)
    path = ctx.path(call.name)
    try:
        text = to_text(ctx.files.read(path))
    except OSError as error:
        state.close_fds()
        return await ctx.fail(f"{call.name}: can't open: {reason(error)}", 127)
    return await shell.run(parse(text), numbered=True)


def new_state(ctx: Context, call: Call) -> State:
    """A new shell in the process of `ctx`; a signal that it traps is its own from now on."""
    state = State(
        device=ctx.device,
        process=ctx.process,
        name=call.name,
        variables=Variables(ctx.env, computed_variables(ctx.device.clock, ctx.process)),
        positional=call.positional,
        fds=_share(ctx),
        cwd=ctx.cwd,
        shell_pid=ctx.process.pid,
        umask=ctx.umask,
        options=call.options,
        interactive="interactive" in call.options,
    )
    state.variables.set("PWD", ctx.cwd)
    ctx.process.handler = partial(catch, state)
    return state


def _share(ctx: Context) -> dict[int, Descriptor]:
    fds = {fd: descriptor.share() for fd, descriptor in ctx.fds.items() if fd > 2}
    fds[0] = _share_one(ctx, 0) or Descriptor(reader=ctx.stdin)
    fds[1] = _share_one(ctx, 1) or Descriptor(writer=ctx.stdout)
    fds[2] = _share_one(ctx, 2) or Descriptor(writer=ctx.stderr)
    return fds


def _share_one(ctx: Context, fd: int) -> Descriptor | None:
    """The caller's descriptor, unless it handed something else for it."""
    descriptor = ctx.fds.get(fd)
    given = (ctx.stdin, ctx.stdout, ctx.stderr)[fd]
    return descriptor.share() if descriptor is given and descriptor is not None else None


def _read(argv: Sequence[str]) -> Call:
    call = Call(name=argv[0])
    words = list(argv[1:])
    wants_command = False
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1 and words[0] != "--":
        letters = words.pop(0)
        wants_command |= "c" in letters[1:]
        call.from_stdin |= "s" in letters[1:]
        rest = "".join(letter for letter in letters[1:] if letter not in "cs")
        if rest:
            value = [words.pop(0)] if rest.endswith("o") and words else []
            set_options(call.options, [letters[0] + rest, *value])
    if words[:1] == ["--"]:
        words.pop(0)
    if wants_command:
        if not words:
            raise ShellFault("-c: requires argument")
        call.command = words.pop(0)
    if words and not call.from_stdin:
        call.name = words.pop(0)
    elif call.command is None:
        call.from_stdin = True
    call.positional = words
    return call


async def _run_lines(shell: Interpreter) -> int:
    """Read commands from standard input line by line, so that they may read on from there themselves."""
    status = 0
    try:
        while (script := await _next_commands(shell)) is not None:
            status = await _run_line(shell, script)
    except ShellExit as end:
        status = end.status
    shell.state.status = status
    return await shell.run(parse(f"exit {status}"))


async def _run_line(shell: Interpreter, script: Script) -> int:
    """An error, and Ctrl+C, cost an interactive shell only the line."""
    try:
        return await shell.script(script)
    except LineInterrupted:
        shell.loops = 0
        await _new_line(shell)
        return INTERRUPTED
    except ShellAbort as end:
        if not shell.state.interactive:
            raise ShellExit(end.status) from None
        return end.status


async def _new_line(shell: Interpreter) -> None:
    if 2 in shell.state.fds:
        with unheard():
            await shell.state.fds[2].write(b"\n")


async def _next_commands(shell: Interpreter) -> Script | None:
    """The next complete commands; None at the end of the input."""
    text = ""
    prompt = "PS1"
    while True:
        await _prompt(shell, prompt)
        try:
            line = to_text(await _read_line(shell))
        except LineInterrupted:
            shell.state.status, text, prompt = INTERRUPTED, "", "PS1"
            await _new_line(shell)
            continue
        text += line
        script = parse(text)
        if not line:
            return script if text else None
        if script.error is None or not script.error.incomplete:
            return script
        prompt = "PS2"


async def _read_line(shell: Interpreter) -> bytes:
    """The next line of the input; LineInterrupted when an interactive shell is interrupted meanwhile."""
    state = shell.state
    if not state.interactive:
        return await state.fds[0].readline()
    while True:
        state.signalled.clear()
        reading = asyncio.ensure_future(state.fds[0].readline())
        signalled = asyncio.ensure_future(state.signalled.wait())
        try:
            await asyncio.wait((reading, signalled), return_when=asyncio.FIRST_COMPLETED)
        finally:
            signalled.cancel()
            if not reading.done():
                reading.cancel()
        if state.pending:
            await run_pending(shell)
        if reading.done() and not reading.cancelled():
            return reading.result()


async def _prompt(shell: Interpreter, name: str) -> None:
    state = shell.state
    if state.interactive and 2 in state.fds:
        usual = f"{state.variables.get('HOSTNAME')}:{state.cwd} $ " if name == "PS1" else "> "
        text = state.variables.get(name) or usual
        with unheard():
            await state.fds[2].write(text.encode())
