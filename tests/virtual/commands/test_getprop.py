"""getprop and setprop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result


def run(on_bench: OnBench, *commands: tuple[str, ...]) -> list[Result]:
    async def script(bench: Bench) -> list[Result]:
        return [await bench.run(*command) for command in commands]

    return list(on_bench(script))


def test_all_of_them_in_brackets(on_bench: OnBench) -> None:
    """Sorted, one a line, as every phone prints them."""
    (result,) = run(on_bench, ("getprop",))
    lines = result.out.splitlines()
    assert all(re.fullmatch(r"\[[^\]]+\]: \[.*\]", line) for line in lines)
    assert "[ro.product.model]: [2211133C]" in lines
    assert lines == sorted(lines, key=lambda line: line.split("]")[0])


def test_one_a_default_and_too_many(on_bench: OnBench) -> None:
    """A missing one is an empty line."""
    found = run(on_bench, ("getprop", "ro.build.version.sdk"), ("getprop", "no.such"), ("getprop", "no.such", "d"))
    assert [each.out for each in found] == ["34\n", "\n", "d\n"]
    assert run(on_bench, ("getprop", "a", "b", "c"))[0].status == 1


def test_setting(on_bench: OnBench) -> None:
    """debug. may be set; the system's may not, nor read-only ones."""
    allowed, shown, denied = run(
        on_bench, ("setprop", "debug.x", "1"), ("getprop", "debug.x"), ("setprop", "persist.sys.locale", "en")
    )
    assert (allowed.status, shown.out) == (0, "1\n")
    assert denied.status == 1
    assert denied.err == "Failed to set property 'persist.sys.locale' to 'en'.\nSee dmesg for error reason.\n"
    assert run(on_bench, ("setprop", "debug.x"))[0].err == "setprop: Need 2 arguments\n"
