"""Waiting with a limit in device time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from framework.virtual.clock import DeviceClock

T = TypeVar("T")


async def within(clock: DeviceClock, ns: int, work: Awaitable[T]) -> T:
    """Await `work` in this task, for at most `ns` of device time. Raises TimeoutError."""
    task = asyncio.current_task()
    assert task is not None
    expired = False

    def expire(_: int) -> None:
        nonlocal expired
        expired = True
        task.cancel()

    timer = clock.at(clock.now_ns() + ns, expire)
    try:
        return await work
    except asyncio.CancelledError:
        if expired and task.uncancel() == 0:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
