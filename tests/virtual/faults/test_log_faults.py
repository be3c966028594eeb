"""Lines that are lost, doubled and reordered, as readers of the log see them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Ill, OnIll

LINES = 400


def write(ill: Ill, count: int = LINES) -> None:
    for number in range(count):
        ill.device.log.write("test", "I", str(number), pid=1, uid=0)


async def read(ill: Ill) -> list[int]:
    """What logcat prints."""
    done = await ill.bench.run("logcat", "-d", "-v", "raw", "-s", "test")
    return [int(line) for line in done.out.splitlines() if line.isdecimal()]


def test_a_share_of_the_lines_is_lost(on_ill: OnIll) -> None:
    """About as many as was said, in no pattern, and the rest as it was."""

    async def run(ill: Ill) -> list[int]:
        ill.faults.begin("log_loss", 0.25)
        write(ill)
        ill.faults.clear()
        write(ill, 1)
        return await read(ill)

    seen: list[int] = on_ill(run)
    assert seen.pop() == 0
    assert seen == sorted(set(seen))
    assert 0.65 * LINES < len(seen) < 0.85 * LINES


def test_a_share_of_the_lines_comes_twice(on_ill: OnIll) -> None:
    """Side by side, and none is missing."""

    async def run(ill: Ill) -> list[int]:
        ill.faults.begin("log_double", 0.25)
        write(ill)
        return await read(ill)

    seen: list[int] = on_ill(run)
    assert seen == sorted(seen)
    assert set(Counter(seen).values()) == {1, 2}
    assert len(set(seen)) == LINES
    assert 1.15 * LINES < len(seen) < 1.35 * LINES


@pytest.mark.parametrize("lines", [1, 5, 50])
def test_lines_come_late_by_as_many_as_was_said(on_ill: OnIll, lines: int) -> None:
    """None is lost, each has its own time, and none is further from its place."""

    async def run(ill: Ill) -> tuple[list[int], list[int]]:
        ill.faults.begin("log_reorder", lines)
        write(ill)
        await ill.sleep_s(0.5)  # the last ones come when no other does
        entries = [entry for entry in ill.device.log.lines() if entry.tag == "test"]
        return await read(ill), [int(entry.message) for entry in sorted(entries, key=lambda each: each.boot_ns)]

    seen, by_time = on_ill(run)
    assert (sorted(seen), seen != sorted(seen)) == (list(range(LINES)), True)
    assert max(abs(place - number) for place, number in enumerate(seen)) <= lines
    assert sorted(by_time) == list(range(LINES))


def test_a_follower_gets_what_was_kept_back(on_ill: OnIll) -> None:
    """`logcat` that runs on prints every line in the end, also after the fault was cleared."""

    async def run(ill: Ill) -> None:
        follower = ill.bench.start("logcat", "-v", "raw", "-s", "test")
        ill.faults.begin("log_reorder", 20)
        write(ill, 30)
        ill.faults.clear()
        for number in range(30):
            await follower.out.wait_for(f"{number}\n")
        follower.task.cancel()

    on_ill(run)
