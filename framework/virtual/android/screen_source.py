"""What the screen shows: the windows of the handset on the panel that the posture lights."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
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
        return self._device.windows.focused

    @property
    def layers(self) -> Sequence[Window]:
        return self._device.windows.layers

    @property
    def lit(self) -> bool:
        return self._device.power.awake

    @property
    def display(self) -> Display:
        display, keyboard = self._device.display.current, self._device.keyboard
        return replace(display, keyboard=keyboard.height(display)) if keyboard.shown else display

    def edit(self) -> None:
        self._device.keyboard.show()

    @property
    def status_bar(self) -> str:
        clock = time.strftime("%H:%M", time.gmtime(self._device.clock.wall_ns() // 10**9))
        level = self._device.physics.power.battery(self._device.clock.now_ns()).level
        return f"{clock}   {level}%"
