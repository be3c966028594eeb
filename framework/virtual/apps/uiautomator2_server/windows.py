"""Handlers that list windows and displays (ListWindows.java, ListDisplays.java)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from framework.virtual.apps.uiautomator2_server.call import Call
from framework.virtual.ui.automation import window as screen
from framework.virtual.ui.tree import BASELINE_DPI, Window

APPLICATION, SYSTEM = 1, 3
"""android.view.accessibility.AccessibilityWindowInfo.TYPE_*"""

SYSTEM_UI = "com.android.systemui"
GLOBS = ("packageName", "title")
"""Filters whose values may have `*` and `?` in them."""


async def windows(call: Call) -> object:
    """The window in front first; `filters` are all to be met."""
    filters = call.body.get("filters") or {}
    layers = call.on.device.windows.layers
    listed = [_window(call, each, layer) for layer, each in enumerate(layers)]
    found = [each for each in reversed(listed) if all(_meets(each, *wanted) for wanted in filters.items())]
    if call.body.get("skipScreenshots") is not True:
        for each in found:
            each["screenshot"] = await screen.screenshot(call.on)
    return found


def _window(call: Call, window: Window, layer: int) -> dict[str, Any]:
    focused = window is call.on.device.windows.focused
    return {
        "windowId": layer + 1,
        "displayId": 0,
        "physicalDisplayId": str(call.on.device.posture.current.display),
        "virtualDisplayId": None,
        "rect": {"x": 0, "y": 0, **screen.size(call.on)},
        "packageName": window.package,
        "screenshot": None,
        "type": SYSTEM if window.package == SYSTEM_UI else APPLICATION,
        "title": window.title or window.package,
        "layer": layer,
        "isAccessibilityFocused": False,
        "isActive": focused,
        "isFocused": focused,
        "isInPictureInPictureMode": False,
    }


def _meets(window: Mapping[str, Any], name: str, wanted: object) -> bool:
    if wanted is None:
        return True
    if name in GLOBS:
        pattern = re.escape(str(wanted)).replace(r"\*", ".*").replace(r"\?", ".")
        return re.fullmatch(pattern, str(window[name]), re.DOTALL) is not None
    return name in window and window[name] == wanted


def displays(call: Call) -> object:
    """The panel that is lit."""
    display = call.on.screen.display
    density = display.density / BASELINE_DPI
    metrics = {
        "widthPixels": display.width,
        "heightPixels": display.height,
        "density": density,
        "densityDpi": display.density,
        "scaledDensity": density,
        "xdpi": float(display.density),
        "ydpi": float(display.density),
    }
    panel = call.on.device.posture.current.display
    return [
        {
            "id": 0,
            "name": "Built-in Screen",
            "physicalId": str(panel),
            "virtualId": None,
            "metrics": metrics,
            "isDefault": True,
        }
    ]
