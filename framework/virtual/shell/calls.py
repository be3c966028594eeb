"""Runs a command line: special built-ins, functions, other built-ins, programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from framework.virtual.shell.builtins import BUILTINS, SPECIAL
from framework.virtual.shell.builtins.port import Builtin
from framework.virtual.shell.builtins.port import Shell as ShellOfBuiltins
from framework.virtual.shell.control import ReturnFromFunction
from framework.virtual.shell.programs import SIGPIPE_STATUS, NotRunnable, find_program, run_child, run_program
from framework.virtual.shell.state import ShellAbort, ShellExit
from framework.virtual.shell.syntax import Command
from framework.virtual.shell.variables import ShellFault

MAX_CALLS = 100
"""How deep functions may call each other."""
ENDLESS = "maximum function recursion exceeded"


class Shell(ShellOfBuiltins, Protocol):
    calls: int

    async def command(self, command: Command) -> int: ...


async def call(shell: Shell, argv: Sequence[str], *, functions: bool = True, replace: bool = False) -> int:
    """`replace`: a program takes this process's place."""
    name = argv[0]
    if functions and name in shell.state.functions and name not in SPECIAL:
        return await _function(shell, shell.state.functions[name], argv[1:])
    builtin = BUILTINS.get(name)
    if builtin is not None:
        return await _builtin(shell, builtin, argv)
    return await (become(shell, argv) if replace else _program(shell, argv))


async def become(shell: Shell, argv: Sequence[str]) -> int:
    """exec: the program takes this process's place; raises ShellExit when it ends."""
    state = shell.state
    try:
        program = find_program(state, argv)
    except NotRunnable as fault:
        await shell.warn(str(fault))
        raise ShellExit(fault.status) from None
    state.traps.clear()
    state.process.name, state.process.argv = argv[0], tuple(argv)
    status = await run_program(state, program, process=state.process, env=state.variables.exported())
    raise ShellExit(status)


async def _builtin(shell: Shell, builtin: Builtin, argv: Sequence[str]) -> int:
    try:
        return await builtin(shell, argv)
    except BrokenPipeError:
        raise ShellExit(SIGPIPE_STATUS) from None
    except OSError as error:
        await shell.warn(f"{argv[0]}: {error.strerror}")
        return 1


async def _program(shell: Shell, argv: Sequence[str]) -> int:
    """As a child that is waited for."""
    try:
        return await run_child(shell.state, argv)
    except NotRunnable as fault:
        await shell.warn(str(fault))
        return fault.status


async def _function(shell: Shell, body: Command, arguments: Sequence[str]) -> int:
    state = shell.state
    if shell.calls >= MAX_CALLS:
        raise ShellFault(ENDLESS)
    before, state.positional = state.positional, list(arguments)
    state.variables.enter()
    shell.calls += 1
    try:
        return await shell.command(body)
    except (ReturnFromFunction, ShellAbort) as end:
        return end.status
    except RecursionError:  # a body of many nested commands, or a host that counts its own frames too
        raise ShellFault(ENDLESS) from None
    finally:
        shell.calls -= 1
        state.variables.leave()
        state.positional = before
