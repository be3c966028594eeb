"""`cmd thermalservice` and its dump (AOSP ThermalManagerService.java, with the HAL 2.0 that these handsets have)."""

from __future__ import annotations

from collections.abc import Iterable

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.physics.sensors import Reading
from framework.virtual.profiles.record import Sensor

CPU_COOLING, COMPONENT_COOLING = 2, 3
TYPE_NAMES = {0: "CPU", 1: "GPU", 2: "BATTERY", 3: "SKIN", 4: "USB_PORT", 5: "POWER_AMPLIFIER"}


SHUTDOWN = 6
"""The highest thermal status."""


async def shell(call: Call) -> int:
    return await dispatch(call, (("override-status", _override_status), ("reset", _reset)))


async def _override_status(call: Call, arguments: Arguments) -> int:
    status = arguments.number()
    if not 0 <= status <= SHUTDOWN:
        await call.err(f"Invalid status: {status}\n")
        return FAILED
    call.device.physics.thermal.override = status
    return 0


async def _reset(call: Call, arguments: Arguments) -> int:
    call.device.physics.thermal.override = None
    return 0


async def dump(call: Call) -> int:
    device = call.device
    now_ns = device.clock.now_ns()
    thermal = device.physics.thermal
    lines = [
        f"IsStatusOverride: {str(thermal.override is not None).lower()}",
        *_listeners("ThermalEventListeners", 2),
        *_listeners("ThermalStatusListeners", 4),
        f"Thermal Status: {thermal.status(now_ns)}",
        "Cached temperatures:",
        *_temperatures(thermal.notified(now_ns)),
        "HAL Ready: true",
        "HAL connection:",
        "\tThermalHAL 2.0 connected: yes",
        "Current temperatures from HAL:",
        *_temperatures(thermal.readings(now_ns)),
        "Current cooling devices from HAL:",
        *_cooling_devices(call, thermal.throttling_level(now_ns)),
        "Temperature static thresholds from HAL:",
        *(f"\t{_threshold(sensor)}" for sensor in thermal.facts.sensors),
    ]
    await call.out("\n".join(lines) + "\n")
    return 0


def _listeners(name: str, count: int) -> list[str]:
    return [f"{name}:", f"\tcallbacks: {count}", "\tkilled: false", "\tbroadcasts count: -1"]


def _temperatures(readings: Iterable[Reading]) -> list[str]:
    return [
        f"\tTemperature{{mValue={float(reading.celsius)}, mType={reading.sensor.type}, "
        f"mName={reading.sensor.name}, mStatus={reading.severity}}}"
        for reading in readings
    ]


def _cooling_devices(call: Call, level: int) -> list[str]:
    soc = call.device.profile.soc
    names = [(CPU_COOLING, f"thermal-cpufreq-{soc.first_cpu(cluster)}") for cluster in soc.clusters]
    return [
        f"\tCoolingDevice{{mValue={level}, mType={kind}, mName={name}}}"
        for kind, name in [*names, (COMPONENT_COOLING, "thermal-devfreq-0")]
    ]


def _threshold(sensor: Sensor) -> str:
    """HIDL's text of TemperatureThreshold."""
    hot = ", ".join("NaN" if value is None else str(value) for value in sensor.hot_c)
    cold = ", ".join(["NaN"] * len(sensor.hot_c))
    return (
        f"{{.type = {TYPE_NAMES[sensor.type]}, .name = {sensor.name}, .hotThrottlingThresholds = [{hot}], "
        f".coldThrottlingThresholds = [{cold}], .vrThrottlingThreshold = NaN}}"
    )
