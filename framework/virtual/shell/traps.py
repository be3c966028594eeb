"""Signals that a shell catches, and what it does then."""

from __future__ import annotations

import signal
from typing import Protocol

from framework.virtual.shell.state import LineInterrupted, ShellAbort, ShellExit, State

EXIT = 0
"""The number under which the trap on EXIT is kept."""


class Shell(Protocol):
    state: State

    async def text(self, source: str) -> int: ...


def signal_number(name: str) -> int | None:
    """From `9`, `KILL` or `SIGKILL`; EXIT is 0; None for no signal."""
    if name.isdigit():
        return int(name) if int(name) < 65 else None
    name = name.upper().removeprefix("SIG")
    if name == "EXIT":
        return EXIT
    return next((number.value for number in signal.Signals if number.name == f"SIG{name}"), None)


def catch(state: State, number: int) -> bool:
    """A signal arrives: whether the shell survives it. A trap's action runs after the current command.

    Without one, SIGINT costs an interactive shell what it is about, SIGQUIT and SIGTERM nothing.
    """
    if not state.traps.get(number):
        if state.interactive and number == signal.SIGINT:
            state.pending.append(number)
            state.signalled.set()
        return state.interactive and number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
    state.pending.append(number)
    state.signalled.set()
    return True


async def run_pending(shell: Shell) -> None:
    """Run the actions of signals that have come.

    Raises ShellExit if one has killed the shell, LineInterrupted where an interactive shell was interrupted.
    """
    state = shell.state
    if state.process.killed_by is not None:
        raise ShellExit(128 + state.process.killed_by)
    status = state.status
    while state.pending:
        number = state.pending.pop(0)
        action = state.traps.get(number)
        if action:
            await shell.text(action)
            state.status = status
        elif number == signal.SIGINT and state.interactive:
            raise LineInterrupted


async def run_exit_trap(shell: Shell, status: int) -> int:
    """The trap on EXIT sees the status in `$?` and may change it with exit."""
    state = shell.state
    action = state.traps.pop(EXIT, None)
    if not action or state.process.killed_by is not None:
        return status
    state.status = status
    try:
        await shell.text(action)
    except (ShellExit, ShellAbort) as end:
        return end.status
    return status
