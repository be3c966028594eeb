"""`wm` and `dumpsys window`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_size_and_density_follow_the_posture(on_bench: OnBench) -> None:
    """Of the panel that is lit."""

    async def script(bench: Bench) -> list[str]:
        found = [(await bench.run("wm", what)).out for what in ("size", "density")]
        bench.device.posture.request("CLOSED")
        return [*found, (await bench.run("wm", "size")).out]

    assert on_bench(script, "xiaomi-mix-fold-3") == [
        "Physical size: 1916x2160\n",
        "Physical density: 440\n",
        "Physical size: 1080x2520\n",
    ]


def test_another_size_is_refused(on_bench: OnBench) -> None:
    """Rather than shown as if it were."""

    async def script(bench: Bench) -> tuple[int, str, int]:
        refused, reset = await bench.run("wm", "size", "720x1280"), await bench.run("wm", "size", "reset")
        return refused.status, refused.err, reset.status

    status, err, reset = on_bench(script)
    assert (status, reset) == (255, 0)
    assert "720x1280" in err


def test_focus(on_bench: OnBench) -> None:
    """The window by its full component, the activity by its short one; null when there is none."""

    async def script(bench: Bench) -> list[str]:
        texts = [(await bench.run("dumpsys", "window", "displays")).out]
        bench.device.activities.force_stop("com.miui.home")
        return [*texts, (await bench.run("dumpsys", "window")).out]

    with_home, without = on_bench(script)
    component = r"com\.miui\.home/com\.miui\.home\.launcher\.Launcher"
    assert re.search(rf"mCurrentFocus=Window\{{[0-9a-f]+ u0 {component}\}}", with_home)
    assert re.search(r"mFocusedApp=ActivityRecord\{[0-9a-f]+ u0 com\.miui\.home/\.launcher\.Launcher t\d+\}", with_home)
    assert "init=1080x2400 440dpi cur=1080x2400" in with_home
    assert "mCurrentFocus=null" in without


def test_what_appium_reads(on_bench: OnBench) -> None:
    """No lock screen, the screen is on."""

    async def script(bench: Bench) -> str:
        return (await bench.run("dumpsys", "window")).out

    text = on_bench(script)
    for words in ("mShowingLockscreen=false", "screenState=SCREEN_STATE_ON", "mScreenOnFully=true"):
        assert words in text
