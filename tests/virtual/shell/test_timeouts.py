"""Waiting with a limit in device time."""

from __future__ import annotations

import asyncio

import pytest

from framework.virtual.clock import DeviceClock
from framework.virtual.shell.timeouts import within

FAST = 10_000.0


def test_work_that_is_done_in_time_gives_its_result() -> None:
    """And nothing is left of the limit."""

    async def story() -> tuple[int, int]:
        clock = DeviceClock(FAST)

        async def work() -> int:
            await clock.sleep(1_000_000_000)
            return 5

        result = await within(clock, 3_000_000_000, work())
        await clock.sleep(10_000_000_000)
        task = asyncio.current_task()
        assert task is not None
        return result, task.cancelling()

    assert asyncio.run(story()) == (5, 0)


def test_work_that_takes_too_long_is_given_up() -> None:
    """TimeoutError, after which the task goes on as if nothing had been."""

    async def story() -> int:
        clock = DeviceClock(FAST)
        with pytest.raises(TimeoutError):
            await within(clock, 1_000_000_000, asyncio.Event().wait())
        task = asyncio.current_task()
        assert task is not None
        await clock.sleep(1_000_000)
        return task.cancelling()

    assert asyncio.run(story()) == 0


def test_a_cancellation_from_outside_is_no_timeout() -> None:
    """It goes through."""

    async def story() -> bool:
        clock = DeviceClock(FAST)
        task = asyncio.ensure_future(within(clock, 10**15, asyncio.Event().wait()))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert asyncio.run(story()) is True
