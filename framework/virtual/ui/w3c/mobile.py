"""The `mobile:` commands of Appium's UiAutomator2 driver that are there, through `execute/sync`."""

from __future__ import annotations

from collections.abc import Mapping

from framework.virtual.ui.automation import (
    Automation,
    AutomationError,
    alerts,
    apps,
    clipboard,
    information,
    scrolling,
    window,
)
from framework.virtual.ui.automation.arguments import argument, number
from framework.virtual.ui.automation.mobile_gestures import GESTURES, Arguments, Command
from framework.virtual.ui.draw import GESTURE_BAR_DP, STATUS_BAR_DP
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
    return on.device.keyboard.shown


async def _hide_keyboard(on: Automation, options: Arguments) -> object:
    """Whether it was there."""
    return on.device.keyboard.hide()


async def _get_clipboard(on: Automation, options: Arguments) -> object:
    return clipboard.read(on.device.clipboard, on.package)


async def _set_clipboard(on: Automation, options: Arguments) -> object:
    clipboard.write(on.device.clipboard, argument(options, "content", str))
    return None


# -- apps and the system ---------------------------------------------------------------------------------------


async def _scroll(on: Automation, options: Arguments) -> object:
    """In the list `elementId`, or the first."""
    reference = options.get("elementId")
    await scrolling.scroll_to(on, None if reference is None else on.element(str(reference)), options)
    return None


async def _system_bars(on: Automation, options: Arguments) -> object:
    """Where they are, in pixels."""
    display = on.screen.display
    top, bottom = display.px(STATUS_BAR_DP), display.px(GESTURE_BAR_DP)
    status = {"visible": True, "x": 0, "y": 0, "width": display.width, "height": top}
    below = {"visible": True, "x": 0, "y": display.height - bottom, "width": display.width, "height": bottom}
    return {"statusBar": status, "navigationBar": below}


async def _activate(on: Automation, options: Arguments) -> object:
    await apps.activate(on, argument(options, "appId", str))
    return None


async def _terminate(on: Automation, options: Arguments) -> object:
    return apps.terminate(on, argument(options, "appId", str))


async def _state(on: Automation, options: Arguments) -> object:
    return int(apps.state(on, argument(options, "appId", str)))


async def _background(on: Automation, options: Arguments) -> object:
    await apps.background(on, number(options, "seconds", -1))
    return None


async def _open_notifications(on: Automation, options: Arguments) -> object:
    on.device.shade.expand()
    return None


async def _accept_alert(on: Automation, options: Arguments) -> object:
    await alerts.answer(on, "accept", options.get("buttonLabel"))
    return None


async def _dismiss_alert(on: Automation, options: Arguments) -> object:
    await alerts.answer(on, "dismiss", options.get("buttonLabel"))
    return None


async def _lock(on: Automation, options: Arguments) -> object:
    on.device.power.turn(False)
    return None


async def _is_locked(on: Automation, options: Arguments) -> object:
    return on.device.keyguard.showing or not on.device.power.awake


async def _unlock(on: Automation, options: Arguments) -> object:
    """With `unlockKey` where a secret is asked for."""
    on.device.power.turn(True)
    on.device.keyguard.dismiss()
    key = options.get("unlockKey")
    if on.device.keyguard.showing and not (isinstance(key, str) and on.device.keyguard.enter(key)):
        raise AutomationError("invalid argument", "the handset is locked, and unlockKey is not what unlocks it")
    return None


_COMMANDS: Mapping[str, Command] = {
    **GESTURES,
    "scroll": _scroll,
    "getSystemBars": _system_bars,
    "pressKey": _press_key,
    "type": _type,
    "getCurrentPackage": _current_package,
    "getCurrentActivity": _current_activity,
    "deviceInfo": _device_info,
    "getDeviceTime": _device_time,
    "getDisplayDensity": _display_density,
    "isKeyboardShown": _keyboard_shown,
    "hideKeyboard": _hide_keyboard,
    "getClipboard": _get_clipboard,
    "setClipboard": _set_clipboard,
    "activateApp": _activate,
    "terminateApp": _terminate,
    "queryAppState": _state,
    "backgroundApp": _background,
    "openNotifications": _open_notifications,
    "acceptAlert": _accept_alert,
    "dismissAlert": _dismiss_alert,
    "lock": _lock,
    "isLocked": _is_locked,
    "unlock": _unlock,
}
