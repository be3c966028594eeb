"""The `mobile:` commands of Appium's UiAutomator2 driver that are there, through `execute/sync`."""

from __future__ import annotations

from collections.abc import Mapping

from framework.virtual.ui.automation import Automation, AutomationError, information, window
from framework.virtual.ui.automation.arguments import argument, number
from framework.virtual.ui.automation.mobile_gestures import GESTURES, Arguments, Command
from framework.virtual.ui.w3c.call import Call

_PREFIX = "mobile:"


async def execute(call: Call) -> object:
    script, arguments = call.argument("script", str), call.argument("args", list)
    name = script.removeprefix(_PREFIX).strip()
    if not script.startswith(_PREFIX) or name not in _COMMANDS:
        known = ", ".join(f"{_PREFIX} {command}" for command in _COMMANDS)
        raise AutomationError("unknown command", f"{script!r} is not there; there are: {known}")
    options = arguments[0] if arguments else {}
    if not isinstance(options, dict):
        raise AutomationError("invalid argument", f"{script} takes an object of options, not {options!r}")
    return await _COMMANDS[name](call.on, options)


# -- keys and information --------------------------------------------------------------------------------------


async def _press_key(on: Automation, options: Arguments) -> object:
    window.press(on, argument(options, "keycode", int), round(number(options, "metastate", 0)))
    return None


async def _type(on: Automation, options: Arguments) -> object:
    on.screen.type(argument(options, "text", str))
    return None


async def _current_package(on: Automation, options: Arguments) -> object:
    return on.package or None


async def _current_activity(on: Automation, options: Arguments) -> object:
    return window.current_activity(on)


async def _device_info(on: Automation, options: Arguments) -> object:
    return information.device_info(on)


async def _device_time(on: Automation, options: Arguments) -> object:
    """Another `format` than the default is refused rather than ignored."""
    if "format" in options:
        raise AutomationError("unsupported operation", "only the default format is there")
    return information.device_time(on)


async def _display_density(on: Automation, options: Arguments) -> object:
    return on.screen.display.density


async def _keyboard_shown(on: Automation, options: Arguments) -> object:
    """The emulated handset types without an on-screen keyboard."""
    return False


_COMMANDS: Mapping[str, Command] = {
    **GESTURES,
    "pressKey": _press_key,
    "type": _type,
    "getCurrentPackage": _current_package,
    "getCurrentActivity": _current_activity,
    "deviceInfo": _device_info,
    "getDeviceTime": _device_time,
    "getDisplayDensity": _display_density,
    "isKeyboardShown": _keyboard_shown,
    "hideKeyboard": _keyboard_shown,
}
