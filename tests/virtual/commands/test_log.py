"""log."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_a_line_with_tag_and_priority(on_bench: OnBench) -> None:
    """Into the main buffer, as user shell; words are joined."""

    async def script(bench: Bench) -> tuple[str, str, str, int]:
        await bench.run("log", "-p", "w", "-t", "Mark", "scenario", "begins")
        entry = bench.device.log.lines(("main",))[-1]
        return entry.tag, entry.level, entry.message, entry.uid

    assert on_bench(script) == ("Mark", "W", "scenario begins", 2000)


def test_a_bad_priority(on_bench: OnBench) -> None:
    """Is refused."""

    async def script(bench: Bench) -> tuple[int, str]:
        result = await bench.run("log", "-p", "x", "y")
        return result.status, result.err

    assert on_bench(script) == (1, "log: bad -p 'X'\n")
