"""Built-ins test and `[`."""

from __future__ import annotations

from collections.abc import Sequence

from framework.virtual.shell.builtins.port import Shell
from framework.virtual.shell.conditions import ConditionFault, run_test


async def test(shell: Shell, argv: Sequence[str]) -> int:
    """0 true, 1 false, 2 wrong arguments."""
    arguments = argv[1:]
    if argv[0] == "[":
        if argv[-1] != "]":
            await shell.warn("[: missing ]")
            return 2
        arguments = argv[1:-1]
    try:
        return int(not run_test(arguments, shell.state))
    except ConditionFault as fault:
        await shell.warn(f"{argv[0]}: {fault}")
        return 2
