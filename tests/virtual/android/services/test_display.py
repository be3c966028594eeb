"""`dumpsys display`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def states(text: str) -> dict[int, str]:
    return {int(number): state for number, state in re.findall(r"Display Id=(\d+)\n  Display State=(\w+)", text)}


def test_one_panel_of_a_foldable_is_lit(on_bench: OnBench) -> None:
    """The other is off; none is while it sleeps."""

    async def script(bench: Bench) -> list[str]:
        texts = [(await bench.run("dumpsys", "display")).out]
        bench.device.posture.request("CLOSED")
        texts.append((await bench.run("dumpsys", "display")).out)
        bench.device.power.awake = False
        return [*texts, (await bench.run("dumpsys", "display")).out]

    found = [states(text) for text in on_bench(script, "xiaomi-mix-fold-3")]
    assert found == [{0: "ON", 1: "OFF"}, {0: "OFF", 1: "ON"}, {0: "OFF", 1: "OFF"}]


def test_sizes_stand_where_tools_look(on_bench: OnBench) -> None:
    """In mBaseDisplayInfo and in the viewports."""

    async def script(bench: Bench) -> str:
        return (await bench.run("dumpsys", "display")).out

    text = on_bench(script, "xiaomi-11")
    assert re.search(
        r'mBaseDisplayInfo=DisplayInfo\{"Built-in Screen", displayId 0, real 1440 x 3200,.* rotation 0, state ON', text
    )
    assert "deviceWidth=1440, deviceHeight=3200" in text
    assert "density 560 (560.0 x 560.0) dpi" in text
