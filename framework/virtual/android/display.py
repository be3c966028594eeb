"""What the lit panel is made to be: turned, and of another size or density than it has (DisplayContent.java)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.ui.tree import Display

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.profiles.record import Display as Panel

MIN_SIDE, MIN_DENSITY = 200, 72
"""WindowManagerService.setForcedDisplaySize, WindowManagerShellCommand.runDisplayDensity"""

_SETTINGS = ("accelerometer_rotation", "user_rotation")


class DisplayConfig:
    """Of one handset. Sizes and densities forced on a panel stay until they are reset."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._sizes: dict[int, tuple[int, int]] = {}
        self._densities: dict[int, int] = {}
        device.settings.listen(self._setting_changed)

    @property
    def panel(self) -> Panel:
        """The one that the posture lights."""
        return self._device.profile.display(self._device.posture.current.display)

    @property
    def size(self) -> tuple[int, int]:
        """In the panel's natural orientation, forced or real."""
        panel = self.panel
        return self._sizes.get(panel.id, (panel.width, panel.height))

    @property
    def density(self) -> int:
        return self._densities.get(self.panel.id, self.panel.density)

    @property
    def rotation(self) -> int:
        """Surface.ROTATION_*, in quarters: as the user froze it, else upright, as a handset on a bench lies."""
        settings = self._device.settings
        if settings.get("system", "accelerometer_rotation") == "1":
            return 0
        word = settings.get("system", "user_rotation") or "0"
        return int(word) % 4 if word.isdecimal() else 0

    @property
    def current(self) -> Display:
        """What windows are laid out for."""
        width, height = self.size
        turned = self.rotation % 2 == 1
        size = (height, width) if turned else (width, height)
        return Display(*size, self.density, self.rotation)

    def force_size(self, size: tuple[int, int] | None) -> None:
        """At least 200 pixels and at most twice the panel's; None for the real one."""
        panel = self.panel
        if size is None:
            self._sizes.pop(panel.id, None)
        else:
            width, height = (
                min(max(side, MIN_SIDE), 2 * most) for side, most in zip(size, (panel.width, panel.height), strict=True)
            )
            self._sizes[panel.id] = (width, height)
        self._device.screen_changed()

    def force_density(self, density: int | None) -> None:
        if density is None:
            self._densities.pop(self.panel.id, None)
        else:
            self._densities[self.panel.id] = density
        self._device.screen_changed()

    def freeze(self, rotation: int | None = None) -> None:
        """Hold a rotation, or the present one (WindowManagerService.freezeRotation)."""
        wanted = self.rotation if rotation is None else rotation % 4
        self._device.settings.put("system", "user_rotation", str(wanted))
        self._device.settings.put("system", "accelerometer_rotation", "0")

    def thaw(self) -> None:
        """Follow the sensor again."""
        self._device.settings.put("system", "accelerometer_rotation", "1")

    def _setting_changed(self, namespace: str, key: str) -> None:
        if namespace == "system" and key in _SETTINGS:
            self._device.screen_changed()
