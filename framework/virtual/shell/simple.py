"""Simple commands: words that are expanded, redirections, variables that are assigned for good or for one command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from framework.virtual.commands.context import unheard
from framework.virtual.shell import calls
from framework.virtual.shell.builtins import SPECIAL
from framework.virtual.shell.expand import Expander
from framework.virtual.shell.redirect import RedirectFault, Redirection
from framework.virtual.shell.state import ShellAbort
from framework.virtual.shell.syntax import Command, Simple


class Shell(calls.Shell, Protocol):
    expander: Expander
    lone: Command | None
    substituted: int | None

    async def out(self, text: str, fd: int = 1) -> None: ...

    def set(self, name: str, value: str) -> None: ...


async def run(shell: Shell, command: Simple) -> int:
    state = shell.state
    shell.substituted = None
    argv: list[str] = []
    for word in command.words:
        argv += await shell.expander.fields(word)
    if "xtrace" in state.options:
        await _trace(shell, argv)
    if not argv:
        return await _assign_only(shell, command)
    if not command.redirects:
        return await _run(shell, command, argv)
    redirection = Redirection(state)
    try:
        await redirection.apply(shell.expander, command.redirects)
    except RedirectFault as fault:
        return await redirect_failed(shell, argv[0], fault)
    if argv == ["exec"]:
        redirection.keep_private()
        return 0
    if command is shell.lone:
        redirection.keep()
    try:
        return await _run(shell, command, argv)
    finally:
        redirection.undo()


async def redirect_failed(shell: Shell, name: str, fault: RedirectFault) -> int:
    """The status of the command `name` then; raises ShellAbort for a special built-in."""
    await shell.warn(str(fault))
    if name in SPECIAL:
        raise ShellAbort(1)
    return 1


async def _assign_only(shell: Shell, command: Simple) -> int:
    """Variables are assigned for good; redirections are made and undone."""
    state = shell.state
    for assignment in command.assignments:
        value = await shell.expander.text(assignment.value)
        if assignment.append:
            value = (state.variables.get(assignment.name) or "") + value
        shell.set(assignment.name, value)
    redirection = Redirection(state)
    try:
        await redirection.apply(shell.expander, command.redirects)
    except RedirectFault as fault:
        return await redirect_failed(shell, "", fault)
    redirection.undo()
    return shell.substituted or 0


async def _run(shell: Shell, command: Simple, argv: list[str]) -> int:
    replace = command is shell.lone
    if not command.assignments:
        return await calls.call(shell, argv, replace=replace)
    values = {}
    for assignment in command.assignments:
        values[assignment.name] = await shell.expander.text(assignment.value)
    if argv[0] in SPECIAL and argv[0] not in shell.state.functions:
        for name, value in values.items():
            shell.set(name, value)
            if argv[0] == "exec":
                shell.state.variables.mark(name, exported=True)
        return await calls.call(shell, argv)
    before = shell.state.variables.with_temporary(values)
    if "PATH" in values:
        shell.state.hashed.clear()
    try:
        return await calls.call(shell, argv, replace=replace)
    finally:
        shell.state.variables.restore(before)
        if "PATH" in values:
            shell.state.hashed.clear()


async def _trace(shell: Shell, argv: Sequence[str]) -> None:
    with unheard():
        await shell.out(f"{shell.state.variables.get('PS4') or '+ '}{' '.join(argv)}\n", 2)
