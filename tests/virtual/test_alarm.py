"""An alarm rings once, when it was last set to."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from framework.virtual import alarm as alarm_module
from framework.virtual.alarm import Alarm

MS = 1_000_000


Run = Callable[[Callable[[], Awaitable[None]]], None]
"""run(story): runs `await story()`."""


@pytest.fixture(params=["timerfd", "event loop"])
def run(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[], Awaitable[None]]], None]:
    """Runs a story with the system's timers, and without them."""
    if request.param == "event loop":
        monkeypatch.setattr(alarm_module, "_timer_file", lambda: None)
    return lambda story: asyncio.run(asyncio.wait_for(story(), 20))


class Bell:
    """Counts, and can be waited for."""

    def __init__(self) -> None:
        self.rung: list[int] = []
        self._event = asyncio.Event()

    def ring(self) -> None:
        self.rung.append(time.monotonic_ns())
        self._event.set()

    async def wait(self) -> None:
        await self._event.wait()
        self._event.clear()


def test_it_rings_when_the_time_has_passed(run: Run) -> None:
    """Not before, and once; at once for no time or less; again when it is set again."""

    async def story() -> None:
        bell = Bell()
        alarm = Alarm(bell.ring)
        for delay in (3 * MS, 700_000, 0, -5):
            begun = time.monotonic_ns()
            alarm.set(delay)
            await bell.wait()
            assert bell.rung[-1] - begun >= delay
        await asyncio.sleep(0.01)
        assert len(bell.rung) == 4

    run(story)


def test_only_the_last_setting_counts(run: Run) -> None:
    """Sooner, later, at once, or cancelled, also when the earlier time has passed before the loop could look."""

    async def story() -> None:
        bell = Bell()
        alarm = Alarm(bell.ring)
        for earlier in (-1, 100_000, 3600 * 10**9):
            begun = time.monotonic_ns()
            alarm.set(earlier)
            time.sleep(0.002)
            alarm.set(20 * MS)
            await bell.wait()
            assert bell.rung[-1] - begun >= 20 * MS
            alarm.set(earlier)
            time.sleep(0.002)
            alarm.cancel()
        await asyncio.sleep(0.03)
        assert len(bell.rung) == 3

    run(story)


def test_nothing_is_left_of_it() -> None:
    """Its file is closed when nobody holds it any more, and its number may be somebody else's in the same loop."""

    async def story() -> None:
        gc.collect()
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(5):
            bell = Bell()
            alarm = Alarm(bell.ring)
            alarm.set(MS)
            await bell.wait()
            del alarm, bell
            gc.collect()
            reading, writing = os.pipe()
            told = asyncio.Event()
            asyncio.get_running_loop().add_reader(reading, told.set)
            os.write(writing, b"x")
            await asyncio.wait_for(told.wait(), 5)
            asyncio.get_running_loop().remove_reader(reading)
            os.close(reading)
            os.close(writing)
        assert len(list(Path("/proc/self/fd").iterdir())) == before

    asyncio.run(story())
