"""What the screen shows: the focused activity's window on the panel that the posture lights."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from framework.virtual.ui.tree import Display, Window

if TYPE_CHECKING:
    from framework.virtual.device import Device


class ScreenSource:
    """The handset as `ui.screen.Screen` asks for it."""

    def __init__(self, device: Device) -> None:
        self._device = device

    @property
    def window(self) -> Window | None:
        focused = self._device.activities.focused
        return focused.window if focused else None

    @property
    def display(self) -> Display:
        panel = self._device.profile.display(self._device.posture.current.display)
        return Display(panel.width, panel.height, panel.density)

    @property
    def status_bar(self) -> str:
        clock = time.strftime("%H:%M", time.gmtime(self._device.clock.wall_ns() // 10**9))
        level = self._device.physics.power.battery(self._device.clock.now_ns()).level
        return f"{clock}   {level}%"
