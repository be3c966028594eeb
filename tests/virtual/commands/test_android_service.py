"""am, pm, settings, wm, input and svc are ways to `cmd`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result


@pytest.mark.parametrize(
    ("front", "behind"),
    [
        ("am get-current-user", "activity get-current-user"),
        ("pm list packages", "package list packages"),
        ("settings get global adb_enabled", "settings get global adb_enabled"),
        ("wm density", "window density"),
        ("/system/bin/pm path android", "package path android"),
        ("cmd package path android", "package path android"),
    ],
)
def test_both_ways_say_the_same(on_bench: OnBench, front: str, behind: str) -> None:
    """By name, by path, or through cmd."""

    async def script(bench: Bench) -> tuple[Result, Result]:
        program, *words = front.split()
        name = program.rpartition("/")[2]
        return await bench.run(name, *words), await bench.cmd(*behind.split())

    one, other = on_bench(script)
    assert one == other
    assert one.out


def test_svc_switches(on_bench: OnBench) -> None:
    """What the power manager is told to do, and the radios."""

    async def script(bench: Bench) -> list[str]:
        assert (await bench.run("svc", "power", "stayon", "true")).status == 0
        assert (await bench.run("svc", "wifi", "disable")).status == 0
        names = ("stay_on_while_plugged_in", "wifi_on")
        return [str(bench.device.settings.get("global", name)) for name in names]

    assert on_bench(script) == ["7", "0"]
