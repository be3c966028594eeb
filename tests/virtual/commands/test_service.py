"""service list and check."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench, RunScript


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
    assert usage.startswith("Usage: service [-h|-?]")


def test_calls_by_number(sh: RunScript) -> None:
    """The compositor's count of shown frames; what is no transaction of a service, and no service."""
    script = "service call SurfaceFlinger 1013; service call package 1; service call nosuch 1; echo $?"
    flips, other, status = sh(script).out.splitlines()
    assert re.fullmatch(r"Result: Parcel\(0000[0-9a-f]{4}    '.{4}'\)", flips)
    assert (other, status) == ('Result: Parcel(Error: 0xffffffffffffffb6 "Not a data message")', "10")
