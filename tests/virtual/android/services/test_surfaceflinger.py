"""`dumpsys SurfaceFlinger --list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_layers_of_visible_windows(on_bench: OnBench) -> None:
    """The activity's by its component."""

    async def script(bench: Bench) -> list[str]:
        return (await bench.run("dumpsys", "SurfaceFlinger", "--list")).out.splitlines()

    lines = on_bench(script)
    assert any("com.miui.home/com.miui.home.launcher.Launcher#" in line for line in lines)
    assert "StatusBar#71" in lines
