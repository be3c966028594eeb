"""The settings provider: three namespaces of names and values."""

from __future__ import annotations

from collections.abc import Callable

NAMESPACES = ("system", "secure", "global")

DEFAULTS = {
    "system": {
        "accelerometer_rotation": "1",
        "font_scale": "1.0",
        "screen_brightness": "1638",
        "screen_brightness_mode": "0",
        "screen_off_timeout": "1800000",
        "user_rotation": "0",
        "volume_music": "9",
    },
    "secure": {
        "android_id": "",
        "default_input_method": "com.android.inputmethod.latin/.LatinIME",
        "enabled_accessibility_services": "",
        "enabled_input_methods": "com.android.inputmethod.latin/.LatinIME",
        "location_mode": "3",
        "user_setup_complete": "1",
    },
    "global": {
        "adb_enabled": "1",
        "airplane_mode_on": "0",
        "animator_duration_scale": "1.0",
        "auto_time": "1",
        "bluetooth_on": "1",
        "development_settings_enabled": "1",
        "device_provisioned": "1",
        "low_power": "0",
        "mobile_data": "1",
        "mode_ringer": "2",
        "nfc_on": "1",
        "stay_on_while_plugged_in": "7",
        "transition_animation_scale": "1.0",
        "wifi_on": "1",
        "window_animation_scale": "1.0",
        "zen_mode": "0",
    },
}


class Settings:
    """Values by namespace and name. KeyError for a namespace that is not one of `NAMESPACES`."""

    def __init__(self, android_id: str, device_name: str) -> None:
        self._values = {namespace: dict(values) for namespace, values in DEFAULTS.items()}
        self._values["secure"]["android_id"] = android_id
        self._values["global"]["device_name"] = device_name
        self._listeners: list[Callable[[str, str], None]] = []

    def get(self, namespace: str, key: str) -> str | None:
        return self._values[namespace].get(key)

    def put(self, namespace: str, key: str, value: str) -> None:
        self._values[namespace][key] = value
        self._tell(namespace, key)

    def delete(self, namespace: str, key: str) -> int:
        """The number of rows that went: 0 or 1."""
        gone = self._values[namespace].pop(key, None)
        self._tell(namespace, key)
        return 0 if gone is None else 1

    def list(self, namespace: str) -> list[tuple[str, str]]:
        return sorted(self._values[namespace].items())

    def listen(self, listener: Callable[[str, str], None]) -> None:
        """Call `listener(namespace, name)` whenever a value was put or deleted."""
        self._listeners.append(listener)

    def _tell(self, namespace: str, key: str) -> None:
        for listener in self._listeners:
            listener(namespace, key)
