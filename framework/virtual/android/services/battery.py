"""`dumpsys battery` and `cmd battery` (AOSP BatteryService.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.physics.power import BatteryReading

STATUS = {"charging": 2, "discharging": 3, "not charging": 4, "full": 5}
"""BatteryManager.BATTERY_STATUS_*"""

HEALTH_GOOD = 2


async def shell(call: Call) -> int:
    return await dispatch(
        call, (("set", _set), ("unplug", _unplug), ("reset", _reset), ("get", _get), ("suspend_input", _suspend))
    )


async def _set(call: Call, arguments: Arguments) -> int:
    key, battery = _after_options(arguments), call.device.battery
    if key is None:
        await call.out("No property specified\n")
        return FAILED
    value = arguments.number()
    match key:
        case "ac" | "usb" | "wireless":
            battery.plug(key) if value else battery.unplug()
        case "level":
            battery.set_level(value)
        case "temp":
            battery.set_temperature(value)
        case "counter":
            battery.set_counter(value)
        case "status":
            battery.set_status(value)
        case _:
            await call.out(f"Unknown set option: {key}\n")
            return FAILED
    return 0


async def _unplug(call: Call, arguments: Arguments) -> int:
    call.device.battery.unplug()
    return 0


async def _reset(call: Call, arguments: Arguments) -> int:
    call.device.battery.reset()
    return 0


async def _get(call: Call, arguments: Arguments) -> int:
    key, battery = _after_options(arguments), call.device.battery.reading()
    values = {
        "ac": str(_plugged(call, "ac")).lower(),
        "usb": str(_plugged(call, "usb")).lower(),
        "wireless": str(_plugged(call, "wireless")).lower(),
        "status": _status(battery),
        "level": battery.level,
        "temp": battery.temperature_dc,
        "present": "true",
        "counter": battery.charge_uah,
    }
    if key not in values:
        await call.out(f"Unknown get option: {key}\n")
        return FAILED
    await call.out(f"{values[key]}\n")
    return 0


async def _suspend(call: Call, arguments: Arguments) -> int:
    raise ArgumentError("this emulated handset cannot suspend its charging")


def _after_options(arguments: Arguments) -> str | None:
    while arguments.option() is not None:
        pass  # -f: tell of the change at once, as it is here
    return arguments.argument()


async def dump(call: Call) -> int:
    if call.words and call.words[0] != "-a":
        return await shell(call)
    battery = call.device.battery.reading()
    lines = [
        "Current Battery Service state:",
        *(["  (UPDATES STOPPED -- use 'reset' to restart)"] if call.device.battery.stopped else []),
        f"  AC powered: {str(_plugged(call, 'ac')).lower()}",
        f"  USB powered: {str(_plugged(call, 'usb')).lower()}",
        f"  Wireless powered: {str(_plugged(call, 'wireless')).lower()}",
        *(["  Dock powered: false"] if call.device.profile.build.sdk >= 33 else []),
        f"  Max charging current: {battery.usb_ua}",
        f"  Max charging voltage: {5_000_000 if battery.plugged else 0}",
        f"  Charge counter: {battery.charge_uah}",
        f"  status: {_status(battery)}",
        f"  health: {HEALTH_GOOD}",
        "  present: true",
        f"  level: {battery.level}",
        "  scale: 100",
        f"  voltage: {battery.voltage_uv // 1000}",
        f"  temperature: {battery.temperature_dc}",
        f"  technology: {battery.technology}",
    ]
    await call.out("\n".join(lines) + "\n")
    return 0


def _plugged(call: Call, charger: str) -> bool:
    """Whether this charger is in: a computer's USB port unless another was set."""
    service = call.device.battery
    return service.reading().plugged and (service.plugged_into or "usb") == charger


def _status(battery: BatteryReading) -> int:
    return STATUS[battery.status] if battery.status_number is None else battery.status_number
