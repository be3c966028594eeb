"""What the kernel shows under /sys: clocks, thermal zones, the battery, and how well the emulator keeps up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.android.backlight import MOST
from framework.virtual.physics.governor import frequencies_khz
from framework.virtual.profiles.record import Cluster, Sensor

if TYPE_CHECKING:
    from framework.virtual.device import Device

CPU = "/sys/devices/system/cpu"
BATTERY = "/sys/class/power_supply/battery"
CHARGER = "/sys/class/power_supply/usb"
ZONES = "/sys/class/thermal"
GPU = "/sys/class/kgsl/kgsl-3d0"
GPU_WINDOW_NS = 1_000_000_000
"""Over how long Qualcomm's driver looks at the GPU (kgsl_pwrctrl.c, UPDATE_BUSY_VAL)."""

BACKLIGHT = "/sys/class/backlight/panel0-backlight"

EMULATOR = "/sys/kernel/emulator"

FB_BLANK_POWERDOWN = 4

STATUS = {"charging": "Charging", "discharging": "Discharging", "not charging": "Not charging", "full": "Full"}


def mount_sys(device: Device) -> None:
    """Make /sys as the kernel of this device shows it."""
    for name, produce in _emulator(device).items():
        _add(device, f"{EMULATOR}/{name}", produce)
    for name, produce in _battery(device).items():
        _add(device, f"{BATTERY}/{name}", produce)
    for name, produce in _charger(device).items():
        _add(device, f"{CHARGER}/{name}", produce)
    for name, produce in _backlight(device).items():
        _add(device, f"{BACKLIGHT}/{name}", produce)
    if device.profile.soc.maker == "QTI":
        for name, produce in _graphics(device).items():
            _add(device, f"{GPU}/{name}", produce)
    _mount_cpus(device)
    _mount_zones(device)


def _add(device: Device, path: str, produce: Callable[[], object], mode: int = 0o444) -> None:
    device.files.generated(path, lambda: f"{produce()}\n".encode(), mode)


def _emulator(device: Device) -> dict[str, Callable[[], object]]:
    """Only here: device time over host time, how late it is, was in the last half second, and time given up (ms)."""
    clock = device.clock
    return {
        "speed": lambda: f"{clock.speed:g}",
        "lag_ms": lambda: f"{clock.lag_ns / 1e6:.3f}",
        "late_ms": lambda: f"{clock.late_ns / 1e6:.3f}",
        "slipped_ms": lambda: f"{clock.slipped_ns / 1e6:.3f}",
    }


def _backlight(device: Device) -> dict[str, Callable[[], object]]:
    """Linux's sysfs-class-backlight; both panels of a foldable are lit by one."""
    return {
        "actual_brightness": lambda: device.backlight.level,
        "bl_power": lambda: 0 if device.power.awake else FB_BLANK_POWERDOWN,
        "brightness": lambda: device.backlight.level,
        "max_brightness": lambda: MOST,
        "type": lambda: "raw",
    }


def _battery(device: Device) -> dict[str, Callable[[], object]]:
    """Linux's sysfs-class-power: µV, µA, µAh, tenths of °C."""

    def now() -> int:
        return device.clock.now_ns()

    power = device.physics.power
    return {
        "type": lambda: "Battery",
        "present": lambda: 1,
        "health": lambda: "Good",
        "status": lambda: STATUS[power.battery(now()).status],
        "capacity": lambda: power.battery(now()).level,
        "voltage_now": lambda: power.battery(now()).voltage_uv,
        "current_now": lambda: power.battery(now()).current_ua,
        "charge_counter": lambda: power.battery(now()).charge_uah,
        "charge_full_design": lambda: power.battery(now()).capacity_uah,
        "temp": lambda: power.battery(now()).temperature_dc,
        "technology": lambda: power.battery(now()).technology,
    }


def _graphics(device: Device) -> dict[str, Callable[[], object]]:
    """Microseconds that the GPU was busy, of those in the last window; both 0 after one without any work."""

    def busy_us() -> int:
        return device.frames.gpu_busy_ns(GPU_WINDOW_NS) // 1000

    def text() -> str:
        busy = busy_us()
        return f"{busy:7d} {GPU_WINDOW_NS // 1000 if busy else 0:7d}"

    return {
        "gpubusy": text,
        "gpu_busy_percentage": lambda: f"{busy_us() * 100_000 // GPU_WINDOW_NS} %",
    }


def _charger(device: Device) -> dict[str, Callable[[], object]]:
    """The USB port as a supply: µA at most, while something that gives power is plugged in."""
    clock, power = device.clock, device.physics.power
    return {
        "type": lambda: "USB",
        "online": lambda: int(power.battery(clock.now_ns()).plugged),
        "current_max": lambda: power.battery(clock.now_ns()).usb_ua,
    }


def _mount_cpus(device: Device) -> None:
    soc = device.profile.soc
    for name in ("present", "possible", "online"):
        _add(device, f"{CPU}/{name}", lambda: f"0-{soc.cores - 1}")
    for cluster in soc.clusters:
        first = soc.first_cpu(cluster)
        _mount_policy(device, f"{CPU}/cpufreq/policy{first}", first, cluster)
        for cpu in range(first, first + cluster.cores):
            device.files.mkdir(f"{CPU}/cpu{cpu}", 0o755, parents=True)
            device.files.symlink(f"../cpufreq/policy{first}", f"{CPU}/cpu{cpu}/cpufreq")


def _mount_policy(device: Device, path: str, first: int, cluster: Cluster) -> None:
    clock, cpus = device.clock, device.physics.cpus
    related = " ".join(str(cpu) for cpu in range(first, first + cluster.cores))
    entries: dict[str, Callable[[], object]] = {
        "affected_cpus": lambda: related,
        "related_cpus": lambda: related,
        "cpuinfo_max_freq": lambda: cluster.nominal_khz,
        "cpuinfo_min_freq": lambda: cluster.min_khz,
        "scaling_max_freq": lambda: cpus.max_khz(first, clock.now_ns()),
        "scaling_min_freq": lambda: cluster.min_khz,
        "scaling_cur_freq": lambda: cpus.cur_khz(first, clock.now_ns()),
        "scaling_governor": lambda: "walt",
        "scaling_available_frequencies": lambda: " ".join(map(str, frequencies_khz(cluster))),
    }
    for name, produce in entries.items():
        _add(device, f"{path}/{name}", produce)


def _mount_zones(device: Device) -> None:
    """Zone numbers follow no order that a reader could rely on; vendors rarely let shell read them."""
    facts = device.profile.thermal
    mode = 0o444 if facts.zones_readable else 0o400
    for number, sensor in enumerate(sorted(facts.sensors, key=lambda each: each.name.lower())):
        zone = f"{ZONES}/thermal_zone{number}"
        _add(device, f"{zone}/type", sensor.name.lower, mode)
        _add(device, f"{zone}/temp", partial(_millidegrees, device, sensor), mode)


def _millidegrees(device: Device, sensor: Sensor) -> int:
    readings = device.physics.thermal.readings(device.clock.now_ns())
    return next(round(reading.celsius * 1000) for reading in readings if reading.sensor is sensor)
