"""What concerns the whole screen: source, picture, size, orientation, keys."""

from __future__ import annotations

import base64

from framework.virtual.android.keys import press_key
from framework.virtual.ui import hierarchy
from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.tree import Node


def source(on: Automation) -> str:
    """The page source of Appium's UiAutomator2 server."""
    return hierarchy.source_xml(on.screen.source())


async def screenshot(on: Automation, node: Node | None = None) -> str:
    """The picture on the screen, or of one view, as PNG in base64."""
    picture = await on.screen.capture(node.bounds if node is not None else None)
    return base64.b64encode(picture).decode("ascii")


def size(on: Automation) -> dict[str, int]:
    width, height = on.screen.size
    return {"width": width, "height": height}


def orientation(on: Automation) -> str:
    """PORTRAIT or LANDSCAPE."""
    return on.screen.orientation


def set_orientation(on: Automation, wanted: str) -> None:
    """Turn the screen and hold it so: a quarter to the left for the one that it is not."""
    if wanted.upper() not in ("PORTRAIT", "LANDSCAPE"):
        raise AutomationError("invalid argument", f"orientation must be PORTRAIT or LANDSCAPE, not {wanted!r}")
    display = on.device.display
    if wanted.upper() != on.screen.orientation:
        display.freeze(0 if display.rotation % 2 else 1)
    else:
        display.freeze()


def rotation(on: Automation) -> dict[str, int]:
    """How far the screen is turned, in degrees about the axis that comes out of it."""
    return {"x": 0, "y": 0, "z": on.device.display.rotation * 90}


def set_rotation(on: Automation, degrees: int) -> None:
    if degrees not in (0, 90, 180, 270):
        raise AutomationError("invalid argument", f"z must be 0, 90, 180 or 270, not {degrees}")
    on.device.display.freeze(degrees // 90)


def press(on: Automation, keycode: int, meta: int = 0) -> None:
    """A key with the modifiers of `meta` (KeyEvent.META_*): for the app, or else for the system."""
    press_key(on.device, keycode, meta)


def current_activity(on: Automation) -> str | None:
    """Of the focused window, as dumpsys prints it: `.Name` when it begins with the package."""
    window = on.screen.foreground
    if window is None:
        return None
    inside = window.activity.startswith(window.package + ".")
    return window.activity.removeprefix(window.package) if inside else window.activity
