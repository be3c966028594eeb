"""`cmd uimode` (AOSP UiModeManagerService.java): the night and the car mode, as settings keep them."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch

NIGHT_SETTING, CAR_SETTING = "ui_night_mode", "ui_car_mode"
NIGHT = {"auto": "0", "no": "1", "yes": "2", "custom_schedule": "3"}
"""UiModeManager.MODE_NIGHT_*"""

CAR = {"no": "0", "yes": "1"}


async def shell(call: Call) -> int:
    return await dispatch(call, (("night", _night), ("car", _car)))


async def _night(call: Call, arguments: Arguments) -> int:
    return await _mode(call, arguments, "Night", NIGHT_SETTING, NIGHT, "1")


async def _car(call: Call, arguments: Arguments) -> int:
    return await _mode(call, arguments, "Car", CAR_SETTING, CAR, "0")


async def _mode(
    call: Call, arguments: Arguments, title: str, setting: str, values: dict[str, str], default: str
) -> int:
    """What it is, after it was set to what the next word says, if there is one."""
    word = arguments.argument()
    if word is not None and word not in values:
        await call.err(f"Error: mode must be {', '.join(repr(each) for each in values)}\n")
        return FAILED
    if word is not None:
        call.device.settings.put("secure", setting, values[word])
    value = call.device.settings.get("secure", setting) or default
    name = next(name for name, each in values.items() if each == value)
    await call.out(f"{title} mode: {name}\n")
    return 0
