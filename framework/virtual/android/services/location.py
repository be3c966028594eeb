"""`cmd location` (AOSP LocationShellCommand.java): whether apps may know where the handset is."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import Call, dispatch

SETTING = "location_mode"
OFF, ON = "0", "3"
"""Settings.Secure.LOCATION_MODE_*"""


async def shell(call: Call) -> int:
    return await dispatch(call, (("is-location-enabled", _is_enabled), ("set-location-enabled", _set_enabled)))


async def _is_enabled(call: Call, arguments: Arguments) -> int:
    on = (call.device.settings.get("secure", SETTING) or OFF) != OFF
    await call.out(f"{str(on).lower()}\n")
    return 0


async def _set_enabled(call: Call, arguments: Arguments) -> int:
    """Java's Boolean.parseBoolean: all but `true` is false."""
    on = arguments.required().lower() == "true"
    call.device.settings.put("secure", SETTING, ON if on else OFF)
    return 0
