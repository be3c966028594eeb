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


def test_another_size_is_shown_until_it_is_reset(on_bench: OnBench) -> None:
    """What the panel is stays known; layout and dumps have the forced one; nonsense is refused."""

    async def script(bench: Bench) -> tuple[str, str, tuple[int, int], list[str], str]:
        await bench.run("wm", "size", "720x1280")
        await bench.run("wm", "density", "320")
        forced = (await bench.run("wm", "size")).out + (await bench.run("wm", "density")).out
        dump, size = (await bench.run("dumpsys", "window", "displays")).out, bench.device.screen.size
        wrong = [(await bench.run("wm", *words.split())).err for words in ("size 720", "size axb", "density 7")]
        await bench.run("wm", "size", "reset")
        return forced, dump, size, wrong, (await bench.run("wm", "size")).out

    forced, dump, size, wrong, reset = on_bench(script)
    assert forced == (
        "Physical size: 1080x2400\nOverride size: 720x1280\nPhysical density: 440\nOverride density: 320\n"
    )
    assert "init=1080x2400 440dpi base=720x1280 320dpi cur=720x1280" in dump
    assert (size, reset) == ((720, 1280), "Physical size: 1080x2400\n")
    assert [text.split(":")[0] for text in wrong] == ["Error"] * 3


def test_rotation_is_frozen_and_free(on_bench: OnBench) -> None:
    """By `wm` and by settings alike; every dump turns."""

    async def script(bench: Bench) -> tuple[list[str], str, str]:
        told = [(await bench.run("wm", "user-rotation")).out]
        await bench.run("wm", "user-rotation", "lock", "1")
        told.append((await bench.run("wm", "user-rotation")).out)
        window, display = (await bench.run("dumpsys", "window")).out, (await bench.run("dumpsys", "display")).out
        await bench.run("settings", "put", "system", "accelerometer_rotation", "1")
        return [*told, (await bench.run("wm", "user-rotation")).out], window, display

    told, window, display = on_bench(script)
    assert told == ["free\n", "lock 1\n", "free\n"]
    assert "cur=2400x1080" in window
    assert "mDisplayRotation=ROTATION_90" in window
    assert "real 2400 x 1080" in display


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
