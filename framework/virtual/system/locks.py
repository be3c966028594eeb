"""flock(2): advisory locks that belong to an open file and end with it (Linux fs/locks.c, flock_lock_inode)."""

from __future__ import annotations

import asyncio
import contextlib


class FileLock:
    """The lock of one file: one exclusive holder, or any number of shared ones.

    Those who wait are woken in the order in which they came, and ask again; whoever asks in between may be faster.
    """

    def __init__(self) -> None:
        self._holders: set[object] = set()
        self._exclusive = False
        self._waiting: list[asyncio.Future[None]] = []

    def try_acquire(self, owner: object, *, exclusive: bool) -> bool:
        """Take the lock for `owner`; False when somebody else is in the way.

        A lock of the other kind that it holds is given back first, and is lost then where somebody else is in the way.
        """
        if owner in self._holders:
            if exclusive == self._exclusive:
                return True
            self.release(owner)
        if self._holders and (exclusive or self._exclusive):
            return False
        self._holders.add(owner)
        self._exclusive = exclusive
        return True

    async def acquire(self, owner: object, *, exclusive: bool) -> None:
        """Wait for it; a waiter whose task is cancelled is out of the way."""
        while not self.try_acquire(owner, exclusive=exclusive):
            freed = asyncio.get_running_loop().create_future()
            self._waiting.append(freed)
            try:
                await freed
            finally:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(freed)

    def release(self, owner: object) -> None:
        """Give back what `owner` holds, if anything."""
        if owner not in self._holders:
            return
        self._holders.remove(owner)
        waiting, self._waiting = self._waiting, []
        for freed in waiting:
            with contextlib.suppress(asyncio.InvalidStateError):
                freed.set_result(None)
