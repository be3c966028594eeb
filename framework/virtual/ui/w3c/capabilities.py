"""What a client asks of a new session, and what it is told of the handset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from framework.virtual.ui.automation import AutomationError
from framework.virtual.ui.draw import STATUS_BAR_DP
from framework.virtual.ui.tree import BASELINE_DPI

if TYPE_CHECKING:
    from framework.virtual.device import Device

_REQUIRED = {"platformName": "android", "appium:automationName": "uiautomator2"}
_STANDARD_NAMES = (
    "acceptInsecureCerts browserName browserVersion pageLoadStrategy platformName proxy setWindowRect "
    "strictFileInteractability timeouts unhandledPromptBehavior"
)
_STANDARD = frozenset(_STANDARD_NAMES.split())


def requested(body: Mapping[str, Any]) -> dict[str, Any]:
    """The first set of capabilities that fits this driver (recommendation, section 7.2)."""
    wanted = body.get("capabilities")
    if not isinstance(wanted, dict):
        raise AutomationError("invalid argument", "capabilities must be an object")
    always, choices = wanted.get("alwaysMatch", {}), wanted.get("firstMatch", [{}])
    if not isinstance(always, dict) or not isinstance(choices, list) or not choices:
        raise AutomationError(
            "invalid argument", "alwaysMatch must be an object and firstMatch a list that is not empty"
        )
    reason = ""
    for choice in choices:
        merged = always | _checked(choice)
        reason = _misfit(_checked(merged))
        if not reason:
            return merged
    raise AutomationError("session not created", reason)


def described(device: Device, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The capabilities of the session: those that were asked for, without prefix, and the handset's."""
    display, profile = device.screen.display, device.profile
    plain = {name.removeprefix("appium:"): value for name, value in asked.items()}
    return plain | {
        "platformName": "Android",
        "automationName": "UiAutomator2",
        "platformVersion": profile.build.release,
        "deviceName": device.name,
        "deviceModel": profile.identity.model,
        "deviceManufacturer": profile.identity.manufacturer,
        "deviceApiLevel": profile.build.sdk,
        "deviceScreenSize": f"{display.width}x{display.height}",
        "deviceScreenDensity": display.density,
        "pixelRatio": display.density / BASELINE_DPI,
        "statBarHeight": display.px(STATUS_BAR_DP),
    }


def _checked(capabilities: object) -> dict[str, Any]:
    if not isinstance(capabilities, dict):
        raise AutomationError("invalid argument", "each set of capabilities must be an object")
    for name in capabilities:
        if name not in _STANDARD and ":" not in name:
            raise AutomationError("invalid argument", f"capability {name!r} is not standard and has no vendor prefix")
    return capabilities


def _misfit(capabilities: Mapping[str, Any]) -> str:
    """Why this driver cannot serve these capabilities; empty when it can."""
    for name, only in _REQUIRED.items():
        asked = capabilities.get(name)
        if asked is not None and str(asked).lower() != only:
            return f"{name} can only be {only} here, not {asked!r}"
    return ""
