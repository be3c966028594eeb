"""The notification shade and the bars."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from conftest import Bench, OnBench


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("cmd statusbar expand-notifications", "cmd statusbar collapse"),
        ("input swipe 500 5 500 900 200", "input keyevent BACK"),
        ("cmd statusbar expand-settings", "input tap 500 2200"),
    ],
)
def test_it_is_pulled_down_and_goes(on_bench: OnBench, opening: str, closing: str) -> None:
    """It has the focus for as long as it is there; the activity behind it goes on."""

    async def script(bench: Bench) -> list[tuple[str, bool]]:
        seen = []
        for command in (opening, closing):
            await bench.sh(command)
            foreground = bench.device.screen.foreground
            assert foreground is not None
            seen.append((foreground.package, bench.device.windows.resumed is not None))
        return seen

    assert on_bench(script) == [("com.android.systemui", True), ("com.miui.home", True)]


def test_two_short_pulls_are_no_long_one(on_bench: OnBench) -> None:
    """What one finger has let go is not pulled any more."""

    async def script(bench: Bench) -> bool:
        for _ in range(4):
            await bench.sh("input swipe 500 5 500 90 100")
        return bench.device.shade.expanded

    assert on_bench(script) is False


def test_a_swipe_from_the_bottom_goes_home(on_bench: OnBench) -> None:
    """The gesture bar takes it."""

    async def script(bench: Bench) -> str:
        bench.device.activities.force_stop("com.miui.home")
        await bench.sh("input swipe 500 2390 500 1500 200")
        await bench.until_focused("com.miui.home")
        foreground = bench.device.screen.foreground
        assert foreground is not None
        return foreground.package

    assert on_bench(script) == "com.miui.home"


def test_a_dark_screen_is_black(on_bench: OnBench) -> None:
    """Whatever lies on it."""

    async def script(bench: Bench) -> bytes:
        await bench.run("input", "keyevent", "SLEEP")
        return await bench.device.screen.capture()

    image = Image.open(io.BytesIO(on_bench(script))).convert("L")
    assert set(image.tobytes()) == {0}
