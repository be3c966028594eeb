"""What the screen is told to show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_the_lit_panel_follows_the_posture(on_bench: OnBench) -> None:
    """Inner and cover display, each with its own size."""

    async def script(bench: Bench) -> list[tuple[int, int]]:
        sizes = []
        for state in ("OPENED", "CLOSED", "HALF_OPENED", "TENT"):
            bench.device.posture.request(state)
            sizes.append(bench.device.screen.size)
        return sizes

    assert on_bench(script, "xiaomi-mix-fold-3") == [(1916, 2160), (1080, 2520), (1916, 2160), (1080, 2520)]


def test_the_status_bar_has_clock_and_battery(on_bench: OnBench) -> None:
    """Wall time in UTC, percent."""

    async def script(bench: Bench) -> str:
        return bench.device.screen._source.status_bar

    assert re.fullmatch(r"\d\d:\d\d   \d+%", on_bench(script))


def test_the_focused_window_is_shown(on_bench: OnBench) -> None:
    """The launcher after boot, nothing when it is gone."""

    async def script(bench: Bench) -> tuple[str | None, object]:
        before = bench.device.screen.foreground
        bench.device.activities.force_stop("com.miui.home")
        return before and before.package, bench.device.screen.foreground

    assert on_bench(script) == ("com.miui.home", None)
