"""How bright the screen is, where that can be read, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench

SETTLED_S = 2
NODE = "/sys/class/backlight/panel0-backlight"


def test_settings_and_keys_light_the_panel(on_bench: OnBench) -> None:
    """As the settings say while it is awake, dark while it sleeps: in sysfs and in the display's dump alike."""
    script = f"cat {NODE}/brightness; dumpsys display | grep 'Display Brightness' | head -n 1"

    async def shown(bench: Bench) -> list[str]:
        found = [await bench.sh(script)]
        for change in ("settings put system screen_brightness 512", "input keyevent SLEEP", "input keyevent WAKEUP"):
            found.append(await bench.sh(f"{change}; {script}"))
        return [" ".join(each.out.split()) for each in found]

    half, full = "512 Display Brightness=0.2501221", "1638 Display Brightness=0.8001954"
    assert on_bench(shown) == [full, half, "0 Display Brightness=-1.0", half]


def test_a_brighter_screen_draws_more(on_bench: OnBench) -> None:
    """Against the usual brightness: half of the power at rest goes when it is dark, in proportion between."""

    async def drawn(bench: Bench) -> list[float]:
        watts = []
        for change in ("true", "settings put system screen_brightness 819", "input keyevent SLEEP"):
            await bench.sh(f"{change}; sleep {SETTLED_S}")
            watts.append(bench.device.physics.power.drawn_w(bench.device.clock.now_ns()))
        return [each / watts[0] for each in watts]

    assert on_bench(drawn) == pytest.approx([1, 0.75, 0.5], abs=0.01)
