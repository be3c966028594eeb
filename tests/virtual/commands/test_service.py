"""service list and check."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_list_and_check(on_bench: OnBench) -> None:
    """A number, the name and the interface; found or not."""

    async def script(bench: Bench) -> list[str]:
        words = (("list",), ("check", "activity"), ("check", "nothing"), ())
        return [(await bench.run("service", *each)).out for each in words]

    listed, found, missing, usage = on_bench(script)
    lines = listed.splitlines()
    assert lines[0] == f"Found {len(lines) - 1} services:"
    assert "1\tactivity: [android.app.IActivityManager]" in lines
    assert (found, missing) == ("Service activity: found\n", "Service nothing: not found\n")
    assert usage.startswith("Usage: service list")
