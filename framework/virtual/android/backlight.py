"""How bright the lit panel is: what the settings ask for while the handset is awake, else dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.device import Device

MOST = 2047
"""The end of the scale of `screen_brightness` on these handsets (MIUI's; AOSP counts to 255)."""

_SETTING = ("system", "screen_brightness")


class Backlight:
    """Of one handset. Without a light sensor, automatic brightness keeps what was set."""

    def __init__(self, device: Device) -> None:
        self._device = device
        device.settings.listen(lambda *name: self._changed() if name == _SETTING else None)
        device.power.listen(lambda awake: self._changed())

    @property
    def level(self) -> int:
        """0 (dark) to MOST."""
        word = self._device.settings.get(*_SETTING) or ""
        asked = min(max(int(word), 1), MOST) if word.isdecimal() else MOST // 2
        return asked if self._device.power.awake else 0

    @property
    def share(self) -> float:
        return self.level / MOST

    def _changed(self) -> None:
        self._device.physics.shine(self.share)
