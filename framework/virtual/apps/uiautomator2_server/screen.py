"""Handlers about the whole screen and the handset."""

from __future__ import annotations

from framework.virtual.apps.uiautomator2_server.call import Call
from framework.virtual.ui.automation import AutomationError, clipboard, window
from framework.virtual.ui.draw import STATUS_BAR_DP
from framework.virtual.ui.tree import BASELINE_DPI

PACKAGE = "io.appium.uiautomator2.server"
CHARGING, DISCHARGING, FULL = 2, 3, 5
"""android.os.BatteryManager.BATTERY_STATUS_*"""


def pixel_ratio(call: Call) -> object:
    return call.on.screen.display.density / BASELINE_DPI


def system_bars(call: Call) -> object:
    return {"statusBar": call.on.screen.display.px(STATUS_BAR_DP)}


def battery(call: Call) -> object:
    device = call.on.device
    state = device.physics.power.battery(device.clock.now_ns())
    status = DISCHARGING if not state.plugged else FULL if state.level >= 100 else CHARGING
    return {"level": state.level / 100, "status": status}


def get_clipboard(call: Call) -> object:
    """As the server may read it."""
    _plain_text(call)
    return clipboard.read(call.on.device.clipboard, PACKAGE)


def set_clipboard(call: Call) -> object:
    _plain_text(call)
    clipboard.write(call.on.device.clipboard, call.argument("content", str))
    return None


def _plain_text(call: Call) -> None:
    kind = call.body.get("contentType") or "plaintext"
    if str(kind).lower() != "plaintext":
        raise AutomationError("invalid argument", f"only PLAINTEXT is supported, not {kind!r}")


def set_orientation(call: Call) -> object:
    window.set_orientation(call.on, call.argument("orientation", str))
    return window.orientation(call.on)


def press_key(call: Call) -> object:
    code, meta = call.body.get("keycode"), call.body.get("metastate")
    window.press(call.on, _whole("keycode", code), 0 if meta is None else _whole("metastate", meta))
    return None


def _whole(name: str, value: object) -> int:
    """A number, or one in digits, as Gson reads an Integer."""
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        raise AutomationError("invalid argument", f"{name} must be a whole number, not {value!r}") from None


def open_notifications(call: Call) -> object:
    shade = call.on.device.shade
    shade.expand()
    if not shade.expanded:
        raise AutomationError("invalid element state", "device failed to open notifications")
    return None


def unsupported(call: Call) -> object:
    raise AutomationError("unsupported operation", "this handset is emulated and has nothing of the kind")
