"""The `mobile:` commands of Appium's UiAutomator2 driver that are there, through `execute/sync`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from framework.virtual.ui.tree import Bounds
from framework.virtual.ui.w3c.call import Call, argument, number
from framework.virtual.ui.w3c.errors import W3cError
from framework.virtual.ui.w3c.window import press

Arguments = Mapping[str, Any]

GESTURE_MARGIN = 0.1
"""Part of an area at its edges that gestures keep off (UiObject2.DEFAULT_GESTURE_MARGIN_PERCENT)."""

_PREFIX = "mobile:"


async def execute(call: Call) -> object:
    script, arguments = call.argument("script", str), call.argument("args", list)
    name = script.removeprefix(_PREFIX).strip()
    if not script.startswith(_PREFIX) or name not in _COMMANDS:
        known = ", ".join(f"{_PREFIX} {command}" for command in _COMMANDS)
        raise W3cError("unknown command", f"{script!r} is not there; there are: {known}")
    options = arguments[0] if arguments else {}
    if not isinstance(options, dict):
        raise W3cError("invalid argument", f"{script} takes an object of options, not {options!r}")
    return _COMMANDS[name](call, options)


def _click(call: Call, options: Arguments) -> object:
    """At `x`, `y`; in an element counted from its corner, without them in its middle."""
    reference = options.get("elementId")
    if reference is None:
        x, y = number(options, "x"), number(options, "y")
    else:
        bounds = call.session.element(str(reference)).bounds
        x = bounds.left + number(options, "x", bounds.width // 2)
        y = bounds.top + number(options, "y", bounds.height // 2)
    call.screen.tap(round(x), round(y))
    return None


def _scroll(call: Call, options: Arguments) -> object:
    """Show what lies in `direction` (up, down) by `percent` of the area; whether anything moved."""
    area, percent = _area(call, options), number(options, "percent")
    direction = argument(options, "direction", str)
    if direction not in ("up", "down"):
        raise W3cError("invalid argument", f"direction must be up or down, not {direction!r}")
    x, y = area.center
    reach = round(area.height * (0.5 - GESTURE_MARGIN) * min(max(percent, 0.0), 1.0))
    start, end = (y - reach, y + reach) if direction == "up" else (y + reach, y - reach)
    before = call.screen.tree()
    call.screen.swipe((x, start), (x, end))
    return call.screen.tree() != before


def _area(call: Call, options: Arguments) -> Bounds:
    if (reference := options.get("elementId")) is not None:
        return call.session.element(str(reference)).bounds
    left, top, width, height = (round(number(options, side)) for side in ("left", "top", "width", "height"))
    return Bounds(left, top, left + width, top + height)


def _press_key(call: Call, options: Arguments) -> object:
    press(call, argument(options, "keycode", int))
    return None


def _type(call: Call, options: Arguments) -> object:
    call.screen.type(argument(options, "text", str))
    return None


def _current_package(call: Call, options: Arguments) -> object:
    return call.screen.foreground.package if call.screen.foreground is not None else None


def _current_activity(call: Call, options: Arguments) -> object:
    """As dumpsys prints it: `.Name` when it begins with the package."""
    window = call.screen.foreground
    if window is None:
        return None
    return (
        window.activity.removeprefix(window.package)
        if window.activity.startswith(window.package + ".")
        else window.activity
    )


def _device_info(call: Call, options: Arguments) -> object:
    device, display = call.session.device, call.screen.display
    profile = device.profile
    return {
        "androidId": device.settings.get("secure", "android_id"),
        "manufacturer": profile.identity.manufacturer,
        "model": profile.identity.model,
        "brand": profile.identity.brand,
        "apiVersion": str(profile.build.sdk),
        "platformVersion": profile.build.release,
        "realDisplaySize": f"{display.width}x{display.height}",
        "displayDensity": display.density,
    }


def _device_time(call: Call, options: Arguments) -> object:
    """ISO 8601 in UTC; another `format` is refused rather than ignored."""
    if "format" in options:
        raise W3cError("unsupported operation", "only the default format is there")
    now = datetime.fromtimestamp(call.session.device.clock.wall_ns() // 1_000_000_000, UTC)
    return f"{now:%Y-%m-%dT%H:%M:%S}+00:00"


def _display_density(call: Call, options: Arguments) -> object:
    return call.screen.display.density


def _keyboard_shown(call: Call, options: Arguments) -> object:
    """The emulated handset types without an on-screen keyboard."""
    return False


_COMMANDS: Mapping[str, Callable[[Call, Arguments], object]] = {
    "clickGesture": _click,
    "scrollGesture": _scroll,
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
