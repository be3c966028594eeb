"""/sys as programs read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench

CPU = "/sys/devices/system/cpu"


def as_shell(bench: Bench, path: str) -> str:
    return str(bench.device.files.as_user(2000).read(path).decode().strip())


def test_clocks_of_every_cpu(on_bench: OnBench) -> None:
    """Nominal, allowed now, running now; CPUs of a policy show the same file."""

    async def script(bench: Bench) -> tuple[list[int], list[int], list[int], str]:
        with bench.device.physics.working("decode", 1):
            await bench.device.clock.sleep(1_000_000_000)
            found = [
                [int(as_shell(bench, f"{CPU}/cpu{cpu}/cpufreq/{name}")) for cpu in range(8)]
                for name in ("cpuinfo_max_freq", "scaling_max_freq", "scaling_cur_freq")
            ]
        return found[0], found[1], found[2], as_shell(bench, f"{CPU}/cpufreq/policy3/affected_cpus")

    nominal, allowed, running, affected = on_bench(script)
    assert nominal == allowed == [2016000] * 3 + [2803200] * 4 + [3187200]
    assert running[3:] == nominal[3:]
    assert max(running[:3]) < 1_000_000
    assert affected == "3 4 5 6"


def test_operating_points_hold_the_running_clock(on_bench: OnBench) -> None:
    """scaling_available_frequencies."""

    async def script(bench: Bench) -> tuple[str, str]:
        return as_shell(bench, f"{CPU}/cpu7/cpufreq/scaling_cur_freq"), as_shell(
            bench, f"{CPU}/cpu7/cpufreq/scaling_available_frequencies"
        )

    running, points = on_bench(script)
    assert running in points.split()


def test_thermal_zones_are_closed_where_the_vendor_closed_them(on_bench: OnBench) -> None:
    """Permission denied on the 13; on the 11 types and millidegrees, and sentinels for what is not there."""

    async def denied(bench: Bench) -> None:
        with pytest.raises(PermissionError):
            as_shell(bench, "/sys/class/thermal/thermal_zone0/temp")

    async def zones(bench: Bench) -> dict[str, int]:
        folder = "/sys/class/thermal"
        names = bench.device.files.listdir(folder)
        return {
            as_shell(bench, f"{folder}/{name}/type"): int(as_shell(bench, f"{folder}/{name}/temp")) for name in names
        }

    on_bench(denied, "xiaomi-13")
    found = on_bench(zones, "xiaomi-11")
    assert {"skin", "battery", "cpu0", "gpu"} <= set(found)
    assert (found.pop("subbat"), found.pop("usb"), found.pop("pa")) == (0, -99_900, -99_900)
    assert all(20_000 < value < 60_000 for value in found.values())


def test_the_battery_in_the_kernels_units(on_bench: OnBench) -> None:
    """Status in words, microamperes positive while charging, tenths of a degree."""

    async def script(bench: Bench) -> dict[str, str]:
        folder = "/sys/class/power_supply/battery"
        return {name: as_shell(bench, f"{folder}/{name}") for name in bench.device.files.listdir(folder)}

    found = on_bench(script)
    assert (found["status"], found["type"], found["technology"]) == ("Charging", "Battery", "Li-poly")
    assert int(found["current_now"]) > 0
    assert 3_300_000 < int(found["voltage_now"]) < 4_500_000
    assert 200 < int(found["temp"]) < 350
    assert 60 <= int(found["capacity"]) <= 95


def test_how_well_the_emulator_keeps_up_can_be_read(on_bench: OnBench) -> None:
    """Its speed, how late it is, and what it had to give up."""

    async def script(bench: Bench) -> list[float]:
        return [float(as_shell(bench, f"/sys/kernel/emulator/{name}")) for name in NAMES]

    speed, *late = on_bench(script)
    assert speed == 1000
    assert min(late) >= 0


NAMES = ("speed", "lag_ms", "late_ms", "slipped_ms")


@pytest.mark.parametrize("plugged", [True, False], ids=["plugged", "unplugged"])
def test_the_battery_is_told_alike_everywhere(on_bench: OnBench, plugged: bool) -> None:
    """Status, level, voltage, charge and temperature of sysfs are those of `dumpsys battery` at the same moment."""

    async def script(bench: Bench) -> tuple[dict[str, str], str, str]:
        bench.device.physics.power.plug(plugged)
        await bench.device.clock.sleep(1_000_000_000)
        text = (await bench.run("dumpsys", "battery")).out
        folder = "/sys/class/power_supply/battery"
        names = ("status", "capacity", "voltage_now", "current_now", "charge_counter", "temp")
        found = {name: as_shell(bench, f"{folder}/{name}") for name in names}
        return found, text, as_shell(bench, "/sys/class/power_supply/usb/online")

    found, text, online = on_bench(script)
    dump = dict(line.strip().split(": ") for line in text.splitlines()[1:])
    assert (online, dump["USB powered"]) == (("1", "true") if plugged else ("0", "false"))
    words = {"2": "Charging", "3": "Discharging"}
    assert (found["status"], found["capacity"]) == (words[dump["status"]], dump["level"])
    assert int(dump["voltage"]) == pytest.approx(int(found["voltage_now"]) // 1000, abs=1)
    assert int(dump["temperature"]) == pytest.approx(int(found["temp"]), abs=1)
    assert int(dump["Charge counter"]) == pytest.approx(int(found["charge_counter"]), abs=200)
    assert (int(found["current_now"]) > 0) == plugged


@pytest.mark.parametrize("celsius", [30.0, 47.0], ids=["cool", "hot"])
def test_clocks_zones_and_services_agree(on_bench: OnBench, celsius: float) -> None:
    """At one moment: running <= allowed <= nominal clocks, cooling devices only where clocks are limited, and the zones
    show what `dumpsys thermalservice` shows."""

    async def script(bench: Bench) -> tuple[list[list[int]], str, dict[str, int]]:
        device = bench.device
        device.physics.thermal.heat_to(celsius)
        with device.physics.working("decode", 1):
            await device.clock.sleep(300_000_000)
            names = ("scaling_cur_freq", "scaling_max_freq", "cpuinfo_max_freq")
            clocks = [[int(as_shell(bench, f"{CPU}/cpu{cpu}/cpufreq/{name}")) for name in names] for cpu in range(8)]
            folder = "/sys/class/thermal"
            zones = {
                as_shell(bench, f"{folder}/{zone}/type"): int(as_shell(bench, f"{folder}/{zone}/temp"))
                for zone in bench.device.files.listdir(folder)
            }
            text = (await bench.run("dumpsys", "thermalservice")).out
        return clocks, text, zones

    clocks, text, zones = on_bench(script, "xiaomi-11")
    assert all(running <= allowed <= nominal for running, allowed, nominal in clocks)
    limited = any(allowed < nominal for _, allowed, nominal in clocks)
    assert limited == (celsius > 40) == (re.search(r"CoolingDevice\{mValue=[1-9], mType=2", text) is not None)
    hal = text.split("Current temperatures from HAL:")[1]
    shown = re.findall(r"Temperature\{mValue=(-?[\d.]+), mType=\d, mName=(\w+)", hal)
    assert {name.lower(): float(value) for value, name in shown} == {
        name: pytest.approx(value / 1000, abs=2.0) for name, value in zones.items()
    }
