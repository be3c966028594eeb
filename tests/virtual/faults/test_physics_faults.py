"""Faults of the physics, each as the commands and files of the handset show it, and as the truth knows it."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Ill, OnIll

TEMPERATURE = re.compile(r"mValue=([-0-9.]+), mType=3, mName=([^,]+)")


async def skin_c(ill: Ill) -> float:
    """What the HAL's skin sensor shows."""
    dump = (await ill.bench.run("dumpsys", "thermalservice")).out.partition("Current temperatures from HAL:")[2]
    found = TEMPERATURE.search(dump)
    assert found is not None
    return float(found[1])


async def battery(ill: Ill) -> dict[str, str]:
    dump = (await ill.bench.run("dumpsys", "battery")).out
    return dict(line.strip().split(": ", 1) for line in dump.splitlines() if ": " in line)


async def limit_khz(ill: Ill) -> int:
    """The limit of the last CPU, a fast one."""
    return int((await ill.bench.sh("cat /sys/devices/system/cpu/cpu7/cpufreq/scaling_max_freq")).out)


def test_a_charger_goes_in_and_out(on_ill: OnIll) -> None:
    """Its strength stands in the dump; 0 takes the cable out; afterwards all is as before."""

    async def run(ill: Ill) -> None:
        before = await battery(ill)
        ill.faults.begin("charging", 3000)
        plugged = await battery(ill)
        assert (plugged["USB powered"], plugged["status"]) == ("true", "2")
        assert plugged["Max charging current"] == "3000000"
        assert ill.device.physics.truth_values()["battery_ma"] > 1000
        ill.faults.clear()
        ill.faults.begin("charging", 0)
        unplugged = await battery(ill)
        assert (unplugged["USB powered"], unplugged["status"]) == ("false", "3")
        ill.faults.clear()
        names = ("USB powered", "status", "Max charging current")
        assert [(await battery(ill))[name] for name in names] == [before[name] for name in names]

    on_ill(run)


def test_the_vendor_caps_the_clocks(on_ill: OnIll) -> None:
    """The limit falls by the share, the thermal status stays 0, clearing lifts it."""

    async def run(ill: Ill) -> None:
        nominal = await limit_khz(ill)
        ill.faults.begin("clock_cap", 0.4)
        assert await limit_khz(ill) == pytest.approx(nominal * 0.6, rel=0.08)
        assert "Thermal Status: 0" in (await ill.bench.run("dumpsys", "thermalservice")).out
        ill.faults.clear()
        assert await limit_khz(ill) == nominal

    on_ill(run)


def test_it_lay_in_the_sun(on_ill: OnIll) -> None:
    """Warmer by as much as was said, at once, and it cools by itself."""

    async def run(ill: Ill) -> None:
        before = ill.device.physics.truth_values()["skin_c"]
        ill.faults.begin("start_heat", 6)
        values = ill.device.physics.truth_values()
        assert values["skin_c"] == pytest.approx(before + 6, abs=0.5)
        assert values["die_c"] == pytest.approx(values["skin_c"], abs=0.5)
        await ill.sleep_s(600)
        assert ill.device.physics.truth_values()["skin_c"] < before + 5

    on_ill(run)


def test_the_status_that_is_shown(on_ill: OnIll) -> None:
    """Whatever the heat; clearing gives the true one back."""

    async def run(ill: Ill) -> None:
        ill.faults.begin("status", 3)
        assert "Thermal Status: 3" in (await ill.bench.run("dumpsys", "thermalservice")).out
        ill.faults.clear()
        assert "Thermal Status: 0" in (await ill.bench.run("dumpsys", "thermalservice")).out

    on_ill(run)


def test_a_frozen_sensor(on_ill: OnIll) -> None:
    """It shows the same while the handset warms up, and the truth when its time is over."""

    async def run(ill: Ill) -> None:
        before = await skin_c(ill)
        number = ill.faults.begin("frozen_sensor", 30)
        ill.faults.begin("start_heat", 9)
        await ill.sleep_s(5)
        assert await skin_c(ill) == before
        await ill.sleep_s(40)
        told = ill.state(number)
        assert told["end_ns"] - told["begin_ns"] == 30_000_000_000
        assert await skin_c(ill) > before + 3

    on_ill(run)


def test_a_flipped_sensor(on_ill: OnIll) -> None:
    """The same value with the other sign."""

    async def run(ill: Ill) -> None:
        before = await skin_c(ill)
        ill.faults.begin("flipped_sensor")
        assert await skin_c(ill) == pytest.approx(-before, abs=1)
        ill.faults.clear()
        assert await skin_c(ill) == pytest.approx(before, abs=1)

    on_ill(run)


@pytest.mark.parametrize("threads", [0.4, 2.0, 3.5])
def test_another_process_computes(on_ill: OnIll, threads: float) -> None:
    """It uses as much CPU time as was said, which its /proc/PID/stat shows, and is gone afterwards."""

    async def run(ill: Ill) -> None:
        ill.faults.begin("cpu_load", threads, for_s=20)
        process = ill.device.processes.by_name("/apex/com.android.art/bin/dex2oat64")
        assert process is not None
        begun = ill.device.clock.now_ns(), process.cpu_ns
        await ill.sleep_s(10)
        ill.device.physics.settle()
        took = (process.cpu_ns - begun[1]) / (ill.device.clock.now_ns() - begun[0])
        assert took == pytest.approx(threads, rel=0.05)
        await ill.sleep_s(15)
        assert not process.running

    on_ill(run)


def test_a_process_that_was_killed_computes_no_more(on_ill: OnIll) -> None:
    """The fault is still under way then, and ends without harm."""

    async def run(ill: Ill) -> None:
        ill.faults.begin("cpu_load", 2.5)
        cpus = ill.device.physics.cpus
        assert cpus.running(ill.device.clock.now_ns()) >= 2
        process = ill.device.processes.by_name("/apex/com.android.art/bin/dex2oat64")
        assert process is not None
        process.signal(signal.SIGKILL)
        await ill.sleep_s(1)
        assert cpus.running(ill.device.clock.now_ns()) == 0
        ill.faults.clear()

    on_ill(run)


def test_another_process_takes_memory(on_ill: OnIll) -> None:
    """What is available falls by about as much, and comes back."""

    async def run(ill: Ill) -> None:
        memory = ill.device.physics.memory
        before = memory.available_bytes
        ill.faults.begin("memory_pressure", 1500)
        assert before - memory.available_bytes > 900e6
        taken = await ill.bench.sh("cat /proc/$(pidof cameraserver)/status")
        assert int(taken.out.partition("VmRSS:")[2].split()[0]) * 1024 == pytest.approx(1500e6, rel=0.05)
        ill.faults.clear()
        assert memory.available_bytes == pytest.approx(before, rel=0.02)

    on_ill(run)


def test_an_impossible_rate(on_ill: OnIll) -> None:
    """The physics runs by that factor, and by its own again afterwards."""

    async def run(ill: Ill) -> None:
        ill.faults.begin("impossible_rate", 6)
        assert ill.device.physics.rate_factor == 6
        ill.faults.clear()
        assert ill.device.physics.rate_factor == 1

    on_ill(run)
