"""Built-ins that decide where a script goes on."""

from __future__ import annotations

from collections.abc import Sequence

from framework.virtual.shell.builtins.port import Shell
from framework.virtual.shell.control import BreakLoop, ContinueLoop, ReturnFromFunction
from framework.virtual.shell.state import ShellExit
from framework.virtual.shell.variables import ShellFault


async def true(shell: Shell, argv: Sequence[str]) -> int:
    return 0


async def false(shell: Shell, argv: Sequence[str]) -> int:
    return 1


async def leave_loop(shell: Shell, argv: Sequence[str]) -> int:
    """break and continue."""
    levels = min(_count(argv), shell.loops)
    if levels == 0:
        await shell.warn(f"{argv[0]}: can't {argv[0]}")
        return 0
    raise BreakLoop(levels) if argv[0] == "break" else ContinueLoop(levels)


async def return_(shell: Shell, argv: Sequence[str]) -> int:
    raise ReturnFromFunction(_status(shell, argv))


async def exit_(shell: Shell, argv: Sequence[str]) -> int:
    raise ShellExit(_status(shell, argv))


async def shift(shell: Shell, argv: Sequence[str]) -> int:
    count = _count(argv)
    if count > len(shell.state.positional):
        raise ShellFault("shift: nothing to shift")
    del shell.state.positional[:count]
    return 0


def _count(argv: Sequence[str]) -> int:
    if len(argv) < 2:
        return 1
    if not argv[1].isdigit():
        raise ShellFault(f"{argv[0]}: bad number: {argv[1]}")
    return int(argv[1])


def _status(shell: Shell, argv: Sequence[str]) -> int:
    if len(argv) < 2:
        return shell.state.status
    if not argv[1].lstrip("-").isdigit():
        raise ShellFault(f"{argv[0]}: bad number: {argv[1]}")
    return int(argv[1]) & 255
