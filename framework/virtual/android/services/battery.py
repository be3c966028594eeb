"""`dumpsys battery` (AOSP BatteryService.java)."""

from __future__ import annotations

from framework.virtual.android.binder import Call

STATUS = {"charging": 2, "discharging": 3, "not charging": 4, "full": 5}
"""BatteryManager.BATTERY_STATUS_*"""

HEALTH_GOOD = 2


async def dump(call: Call) -> int:
    battery = call.device.physics.power.battery(call.device.clock.now_ns())
    plugged = str(battery.plugged).lower()
    lines = [
        "Current Battery Service state:",
        "  AC powered: false",
        f"  USB powered: {plugged}",
        "  Wireless powered: false",
        *(["  Dock powered: false"] if call.device.profile.build.sdk >= 33 else []),
        f"  Max charging current: {battery.usb_ua}",
        f"  Max charging voltage: {5_000_000 if battery.plugged else 0}",
        f"  Charge counter: {battery.charge_uah}",
        f"  status: {STATUS[battery.status]}",
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
