"""flock(2): advisory locks that belong to an open file and end with it."""

from __future__ import annotations

import asyncio
import contextlib


class FileLock:
    """The lock of one file: one exclusive holder, or any number of shared ones."""

    def __init__(self) -> None:
        self._holders: set[object] = set()
        self._exclusive = False
        self._waiting: list[asyncio.Future[None]] = []

    def try_acquire(self, owner: object, *, exclusive: bool) -> bool:
        """Take the lock for `owner` or convert what it holds; False when somebody else is in the way."""
        others = self._holders - {owner}
        if others and (exclusive or self._exclusive):
            return False
        self._holders.add(owner)
        self._exclusive = exclusive
        return True

    async def acquire(self, owner: object, *, exclusive: bool) -> None:
        while not self.try_acquire(owner, exclusive=exclusive):
            freed = asyncio.get_running_loop().create_future()
            self._waiting.append(freed)
            await freed

    def release(self, owner: object) -> None:
        """Give back what `owner` holds, if anything."""
        self._holders.discard(owner)
        waiting, self._waiting = self._waiting, []
        for freed in waiting:
            with contextlib.suppress(asyncio.InvalidStateError):
                freed.set_result(None)
