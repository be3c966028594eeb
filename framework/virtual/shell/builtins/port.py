"""What a built-in command needs of the shell that runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

from framework.virtual.shell.state import State


class Shell(Protocol):
    """The running interpreter."""

    state: State
    loops: int

    async def out(self, text: str) -> None:
        """Write to its stdout."""
        ...

    async def warn(self, message: str) -> None:
        """Write `name: message` to its stderr."""
        ...

    async def text(self, source: str) -> int:
        """Run commands given as text."""
        ...

    async def call(self, argv: Sequence[str], *, functions: bool = True) -> int:
        """Run a command line."""
        ...

    async def become(self, argv: Sequence[str]) -> int:
        """Run a program in place of the shell; does not return."""
        ...

    def is_builtin(self, name: str) -> bool: ...

    async def truth(self, expression: str) -> int:
        """The status of an arithmetic expression: 0 unless its value is 0."""
        ...


Builtin: TypeAlias = Callable[[Shell, Sequence[str]], Awaitable[int]]
"""Given the command line with the name in front; the exit status."""
