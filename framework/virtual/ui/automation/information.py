"""What the handset tells of itself to whoever drives it."""

from __future__ import annotations

from datetime import UTC, datetime

from framework.virtual.ui.automation.client import Automation


def device_info(on: Automation) -> dict[str, object]:
    """The fields of the UiAutomator2 server's device information."""
    device, display = on.device, on.screen.display
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


def device_time(on: Automation) -> str:
    """The wall clock, as ISO 8601 in UTC."""
    now = datetime.fromtimestamp(on.device.clock.wall_ns() // 1_000_000_000, UTC)
    return f"{now:%Y-%m-%dT%H:%M:%S}+00:00"
