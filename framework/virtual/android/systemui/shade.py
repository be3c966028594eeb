"""The notification shade, and the bars at the edges from which fingers pull it down or go home."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

from framework.virtual.android.systemui.keyguard import TITLE
from framework.virtual.android.systemui.parts import FRAME, INK, PACKAGE, PANEL, QUIET, Pull, button, whole, words
from framework.virtual.ui.draw import GESTURE_BAR_DP, STATUS_BAR_DP
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window

if TYPE_CHECKING:
    from framework.virtual.device import Device

Panel = Literal["none", "notifications", "settings"]

PULL_DP = 48
"""How far a finger pulls from an edge until something comes of it."""

TILES = ("Internet", "Bluetooth", "Flashlight", "Do Not Disturb")


class Shade:
    """Of one handset; `panel` is what is pulled down."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.panel: Panel = "none"
        self.window = Window(PACKAGE, "", self._build, on_back=self.collapse, title=TITLE, dims=True)
        self.status_bar = Window(PACKAGE, "", self._build_status_bar, title="StatusBar", modal=False)
        self.navigation_bar = Window(PACKAGE, "", self._build_navigation_bar, title="NavigationBar0", modal=False)
        self._pulls = {name: Pull(device, PULL_DP) for name in ("down", "home", "up")}

    @property
    def expanded(self) -> bool:
        return self.panel != "none"

    def expand(self, panel: Panel = "notifications") -> None:
        """Pull it down; behind a lock screen it stays where it is."""
        if self._device.power.awake and not self._device.keyguard.showing:
            self._show(panel)

    def collapse(self) -> None:
        self._show("none")

    def _show(self, panel: Panel) -> None:
        if self.panel != panel:
            self.panel = panel
            self.window.changed()
            self._device.screen_changed()

    def _build(self, display: Display) -> Node:
        tall = display.px(360 if self.panel == "settings" else 220)
        area = Bounds(0, 0, display.width, tall)
        children = (*self._header(display), *self._tiles(display), self._notifications(display, tall))
        sheet = Node("sheet", FRAME, area, _id("notification_panel"), children=children, style=Style(fill=PANEL))
        return Node(
            "root",
            FRAME,
            whole(display),
            _id("notification_shade"),
            children=(sheet,),
            on_click=self.collapse,
            on_scroll=self._pushed,
            gesture=True,
        )

    def _header(self, display: Display) -> tuple[Node, ...]:
        clock = time.strftime("%H:%M", time.gmtime(self._device.clock.wall_ns() // 10**9))
        box = Bounds(display.px(16), display.px(36), display.width // 3, display.px(72))
        return (words(display, "clock", _id("clock"), clock, box, size_dp=22),)

    def _tiles(self, display: Display) -> tuple[Node, ...]:
        count = len(TILES) if self.panel == "settings" else 2
        gap, tall = display.px(12), display.px(56)
        wide = (display.width - 3 * gap) // 2
        tiles = []
        for number, name in enumerate(TILES[:count]):
            left, top = gap + number % 2 * (wide + gap), display.px(84) + number // 2 * (tall + gap)
            area = Bounds(left, top, left + wide, top + tall)
            tile = button(display, f"tile-{name}", "", name, area, lambda: None, class_name="android.widget.Switch")
            tiles.append(tile)
        return tuple(tiles)

    def _notifications(self, display: Display, bottom: int) -> Node:
        box = Bounds(0, bottom - display.px(56), display.width, bottom - display.px(16))
        return words(display, "empty", _id("no_notifications"), "No notifications", box, size_dp=14, color=QUIET)

    def _build_status_bar(self, display: Display) -> Node:
        area = Bounds(0, 0, display.width, display.px(STATUS_BAR_DP))
        return Node("status_bar", FRAME, area, _id("status_bar"), on_scroll=self._pull_down, gesture=True)

    def _build_navigation_bar(self, display: Display) -> Node:
        area = Bounds(0, display.height - display.px(GESTURE_BAR_DP), display.width, display.height)
        style = Style(color=INK)
        return Node("home", FRAME, area, _id("home_handle"), on_scroll=self._pull_up, gesture=True, style=style)

    def _pull_down(self, pixels: int) -> None:
        if self._pulls["down"].by(-pixels):
            self.expand()

    def _pull_up(self, pixels: int) -> None:
        if self._pulls["home"].by(pixels):
            self._device.activities.home()

    def _pushed(self, pixels: int) -> None:
        if self._pulls["up"].by(pixels):
            self.collapse()


def _id(name: str) -> str:
    return f"{PACKAGE}:id/{name}"
