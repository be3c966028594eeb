"""`dumpsys power` and `svc power stayon`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_wakefulness(on_bench: OnBench) -> None:
    """Awake after boot, asleep after the power key."""

    async def script(bench: Bench) -> list[str]:
        texts = [(await bench.run("dumpsys", "power")).out]
        await bench.run("input", "keyevent", "POWER")
        return [*texts, (await bench.run("dumpsys", "power")).out]

    awake, asleep = on_bench(script)
    assert "  mWakefulness=Awake\n" in awake
    assert "Display Power: state=ON\n" in awake
    assert "  mWakefulness=Asleep\n" in asleep
    assert "Display Power: state=OFF\n" in asleep


def test_staying_on_is_a_setting(on_bench: OnBench) -> None:
    """`svc power stayon usb`; nonsense is refused."""

    async def script(bench: Bench) -> tuple[str | None, int]:
        await bench.run("svc", "power", "stayon", "usb")
        wrong = await bench.run("svc", "power", "stayon", "maybe")
        return bench.device.settings.get("global", "stay_on_while_plugged_in"), wrong.status

    assert on_bench(script) == ("2", 255)
