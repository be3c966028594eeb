"""Processes that stand still until they are thawed."""

from __future__ import annotations

import asyncio

from framework.virtual.system.freezer import Freezer
from framework.virtual.system.users import SHELL, SYSTEM


def test_only_the_frozen_user_stands_still() -> None:
    """Another passes by; the frozen one when the last of its freezes has ended, though a thaw in between woke it."""

    async def story() -> None:
        freezer = Freezer()
        first, second = freezer.freeze(SHELL), freezer.freeze(SHELL)
        await asyncio.wait_for(freezer.pass_by(SYSTEM), 5)
        waiting = asyncio.create_task(freezer.pass_by(SHELL))
        for thaw, done in ((None, False), (first, False), (second, True)):
            if thaw is not None:
                thaw()
            await asyncio.sleep(0.01)
            assert waiting.done() is done

    asyncio.run(story())


def test_several_that_wait_all_go_on() -> None:
    """One event wakes them all, also those that began to wait when another had."""

    async def story() -> None:
        freezer = Freezer()
        thaw = freezer.freeze(SHELL)
        waiting = [asyncio.create_task(freezer.pass_by(SHELL)) for _ in range(5)]
        await asyncio.sleep(0)
        thaw()
        await asyncio.wait_for(asyncio.gather(*waiting), 5)

    asyncio.run(story())
