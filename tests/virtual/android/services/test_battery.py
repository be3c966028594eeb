"""`dumpsys battery`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def dump(on_bench: OnBench, profile: str) -> str:
    async def script(bench: Bench) -> str:
        return (await bench.run("dumpsys", "battery")).out

    return str(on_bench(script, profile))


def test_values_in_androids_units(on_bench: OnBench) -> None:
    """Percent, millivolts, tenths of a degree, microampere-hours; on USB and charging."""
    lines = dump(on_bench, "xiaomi-12").splitlines()
    assert lines[0] == "Current Battery Service state:"
    values = dict(line.strip().split(": ") for line in lines[1:])
    assert (values["USB powered"], values["AC powered"], values["status"]) == ("true", "false", "2")
    assert 60 <= int(values["level"]) <= 95
    assert 3300 < int(values["voltage"]) < 4500
    assert 200 < int(values["temperature"]) < 350
    assert int(values["Charge counter"]) > 2_000_000


def test_it_has_the_shape_of_a_real_one(on_bench: OnBench, capture: object, shape: object) -> None:
    """The lines of a phone with Android 9 to 12."""
    real = capture("battery/skia-buildbot__adb_test_level75.txt")  # type: ignore[operator]
    assert shape(dump(on_bench, "xiaomi-10")) == shape(real.replace("Li-ion", "Li-poly"))  # type: ignore[operator]


def test_values_that_are_set_stay_until_reset(on_bench: OnBench) -> None:
    """The service says so, all its values are frozen, and the kernel's are not touched."""

    async def story(bench: Bench) -> list[str]:
        script = """dumpsys battery set level 7; dumpsys battery set status 1; cmd battery unplug
dumpsys battery | grep -e STOPPED -e 'USB powered' -e status -e level
dumpsys power | grep -e mIsPowered -e mBatteryLevel
cmd battery get level; cat /sys/class/power_supply/battery/status; dumpsys battery set ac 1
dumpsys battery | grep 'AC powered'; dumpsys battery reset; dumpsys battery | grep -c STOPPED
cmd battery set nosuch 1"""
        return (await bench.sh(script)).out.splitlines()

    assert on_bench(story) == [
        "  (UPDATES STOPPED -- use 'reset' to restart)",
        "  USB powered: false",
        "  status: 1",
        "  level: 7",
        "  mIsPowered=false",
        "  mBatteryLevel=7",
        "7",
        "Charging",
        "  AC powered: true",
        "0",
        "Unknown set option: nosuch",
    ]
