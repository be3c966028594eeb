"""Work that is done one piece after the other, in device time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Job = Callable[[int], Awaitable[int]]
"""Takes the device time at which it begins, returns the one at which it was done; both in ns."""


class Worker:
    """Runs jobs in the order they were submitted; each begins when it was submitted or when the one before ended.

    What a job raises is handed to `on_error`, and ends the worker.
    """

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._on_error = on_error
        self._waiting: deque[tuple[int, Job]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        return self._task is not None and not self._task.done()

    def submit(self, at_ns: int, job: Job) -> None:
        self._waiting.append((at_ns, job))
        if not self.busy:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def cancel(self) -> None:
        """Drop what is waiting and end what is under way, at its next wait."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        free_ns = 0
        try:
            while self._waiting:
                at_ns, job = self._waiting.popleft()
                free_ns = await job(max(at_ns, free_ns))
        except Exception as error:
            self._on_error(error)
