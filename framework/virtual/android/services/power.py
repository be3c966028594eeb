"""`dumpsys power` and `cmd power stayon` (AOSP PowerManagerService.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import Call, dispatch

PLUGGED_USB = 2
STAY_ON = {"true": "7", "false": "0", "usb": "2", "ac": "1", "wireless": "4"}
"""BatteryManager.BATTERY_PLUGGED_* for `svc power stayon`."""


async def shell(call: Call) -> int:
    return await dispatch(call, (("stayon", _stay_on), ("set-stay-on", _stay_on)))


async def _stay_on(call: Call, arguments: Arguments) -> int:
    word = arguments.required()
    if word not in STAY_ON:
        raise ArgumentError(f"Unknown stayon value: {word}")
    call.device.settings.put("global", "stay_on_while_plugged_in", STAY_ON[word])
    return 0


async def dump(call: Call) -> int:
    device = call.device
    awake = device.power.awake
    battery = device.battery.reading()
    lines = [
        "POWER MANAGER (dumpsys power)",
        "",
        "Power Manager State:",
        f"  mWakefulness={'Awake' if awake else 'Asleep'}",
        "  mWakefulnessChanging=false",
        f"  mIsPowered={str(battery.plugged).lower()}",
        f"  mPlugType={PLUGGED_USB if battery.plugged else 0}",
        f"  mBatteryLevel={battery.level}",
        f"  mStayOn={str(awake and battery.plugged).lower()}",
        "  mBootCompleted=true",
        "  mSystemReady=true",
        f"  mHoldingDisplaySuspendBlocker={str(awake).lower()}",
        "",
        "Settings and Configuration:",
        f"  mStayOnWhilePluggedInSetting={device.settings.get('global', 'stay_on_while_plugged_in')}",
        f"  mScreenOffTimeoutSetting={device.settings.get('system', 'screen_off_timeout')}",
        "",
        f"Display Power: state={'ON' if awake else 'OFF'}",
    ]
    await call.out("\n".join(lines) + "\n")
    return 0
