"""`dumpsys thermalservice`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench

LINE = re.compile(
    r"\tTemperature\{mValue=(?P<value>-?\d+\.\d+), mType=(?P<type>\d), mName=(?P<name>\S+), mStatus=(?P<status>\d)\}"
)


def section(text: str, name: str) -> dict[str, tuple[float, int, int]]:
    """Sensor name → value, type, status, of the section that begins with this line."""
    after = text.split(f"\n{name}:\n")[1]
    found = {}
    for line in after.splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            break
        found[match["name"]] = float(match["value"]), int(match["type"]), int(match["status"])
    return found


def dumped(on_bench: OnBench, seconds: int = 0) -> tuple[str, dict[str, float]]:
    """The dump after some work, and the true temperatures of the nodes."""

    async def script(bench: Bench) -> tuple[str, dict[str, float]]:
        device = bench.device
        with device.physics.working("decode", 1):
            await device.clock.sleep(seconds * 1_000_000_000)
            text = (await bench.run("dumpsys", "thermalservice")).out
            now_ns = device.clock.now_ns()
        nodes = ("die", "skin", "battery")
        return text, {node: device.physics.thermal.temperature_c(node, now_ns) for node in nodes}  # type: ignore[arg-type]

    return on_bench(script, "xiaomi-12")


def test_the_hal_tells_what_is_true_now(on_bench: OnBench) -> None:
    """Skin, battery, GPU and every CPU, with HAL 2.0's types."""
    text, truth = dumped(on_bench, 120)
    hal = section(text, "Current temperatures from HAL")
    assert set(hal) == {"skin", "battery", "GPU", *(f"CPU{number}" for number in range(8))}
    assert {name: kind for name, (_, kind, _) in hal.items() if name in ("skin", "battery", "GPU", "CPU0")} == {
        "skin": 3,
        "battery": 2,
        "GPU": 1,
        "CPU0": 0,
    }
    assert hal["skin"][0] == pytest.approx(truth["skin"], abs=1.0)
    assert hal["CPU7"][0] == pytest.approx(truth["die"] + 1.7, abs=4.0)


def test_cached_values_are_stale(on_bench: OnBench) -> None:
    """They are those of boot, as no severity has changed since."""
    text, _ = dumped(on_bench, 120)
    cached, hal = section(text, "Cached temperatures"), section(text, "Current temperatures from HAL")
    assert cached.keys() == hal.keys()
    assert hal["CPU7"][0] - cached["CPU7"][0] > 20


def test_status_and_cooling_devices_follow_the_heat(on_bench: OnBench) -> None:
    """Nothing at rest; under long load the cooling devices show the step of throttling."""
    rest, _ = dumped(on_bench)
    hot, _ = dumped(on_bench, 1800)
    assert "\nThermal Status: 0\n" in rest
    assert "\tCoolingDevice{mValue=0, mType=2, mName=thermal-cpufreq-0}\n" in rest
    assert re.search(r"CoolingDevice\{mValue=[1-4], mType=2, mName=thermal-cpufreq-0\}", hot)


def test_a_tester_can_override_the_status(on_bench: OnBench) -> None:
    """It says so in the dump; reset takes it back; there is no status 7."""

    async def script(bench: Bench) -> list[str]:
        heads = []
        for words in (("override-status", "3"), ("override-status", "7"), ("reset",)):
            await bench.cmd("thermalservice", *words)
            lines = (await bench.run("dumpsys", "thermalservice")).out.splitlines()
            heads += [lines[0], next(line for line in lines if line.startswith("Thermal Status"))]
        return heads

    overridden = ["IsStatusOverride: true", "Thermal Status: 3"]
    assert on_bench(script) == [*overridden, *overridden, "IsStatusOverride: false", "Thermal Status: 0"]


def test_it_has_the_shape_of_a_real_one(on_bench: OnBench, capture: object, shape: object) -> None:
    """Every kind of line of a real HAL 2.0 dump is there, and no other."""
    real = capture("thermalservice/bort__status2_moderate_aidl_style_thresholds.txt")  # type: ignore[operator]
    text, _ = dumped(on_bench)
    assert shape(text) == shape(real)  # type: ignore[operator]
