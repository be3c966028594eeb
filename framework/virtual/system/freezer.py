"""Processes that stand still, as the cgroup freezer makes them: they are there, and do nothing until thawed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable


class Freezer:
    """Whose processes are frozen, by user id."""

    def __init__(self) -> None:
        self._frozen: Counter[int] = Counter()
        self._thawed = asyncio.Event()

    def freeze(self, uid: int) -> Callable[[], None]:
        """Stop the processes of a user; what is returned thaws them. They stand while any freeze of them lasts."""
        self._frozen[uid] += 1

        def thaw() -> None:
            self._frozen[uid] -= 1
            self._thawed.set()

        return thaw

    async def pass_by(self, uid: int) -> None:
        """Where a process of `uid` goes on, or stands still until it is thawed."""
        while self._frozen[uid] > 0:
            self._thawed.clear()
            await self._thawed.wait()
