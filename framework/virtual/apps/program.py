"""What an emulated Java program is: a class with `main` in a jar, run by `app_process` without any app."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from framework.virtual.commands.context import Context


class JavaProgram(ABC):
    """Chosen by its main class; it runs with the rights of whoever started it."""

    main_class: ClassVar[str]

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    @abstractmethod
    async def main(self, arguments: Sequence[str]) -> int:
        """Its exit status. Cancelled when the process is killed; what it has opened must be closed by then."""
