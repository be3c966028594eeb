"""The on-screen keyboard: there while a text field is edited, and its keys write."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from framework.virtual.android import input_methods
from framework.virtual.android.systemui.parts import FRAME, INK, button
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window

if TYPE_CHECKING:
    from framework.virtual.device import Device

PACKAGE = "com.android.inputmethod.latin"
METHOD = f"{PACKAGE}/.LatinIME"
TITLE = "InputMethod"

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
ROW_DP, MARGIN_DP = 52, 6
_BOARD, _KEY = "#e3e7ee", "#ffffff"


class Keyboard:
    """Of one handset. It belongs to the window whose field was touched, and goes when another takes its place."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._edited: Window | None = None
        self._shift = False
        self.window = Window(PACKAGE, "", self._build, title=TITLE, modal=False)

    @property
    def shown(self) -> bool:
        """Other input methods have no emulated views."""
        edited = self._edited
        if edited is None or input_methods.current(self._device) != METHOD:
            return False
        return self._device.windows.focused is edited

    def height(self, density_px: Display) -> int:
        """Pixels that it takes at the bottom of a display."""
        return density_px.px((len(ROWS) + 1) * ROW_DP + 24)

    def show(self) -> None:
        """For the field that has just been touched."""
        edited = self._device.windows.focused
        if self._edited is not edited:
            self._edited = edited
            self._changed()

    def hide(self) -> bool:
        """Whether it was there."""
        was_shown = self.shown
        self._edited = None
        if was_shown:
            self._changed()
        return was_shown

    def _changed(self) -> None:
        self._shift = False
        self.window.changed()
        self._device.screen_changed()

    # -- how it looks ------------------------------------------------------------------------------------------

    def _build(self, display: Display) -> Node:
        area = Bounds(0, display.height - self.height(display), display.width, display.height)
        keys = [key for number, row in enumerate(ROWS) for key in self._row(display, area, number, row)]
        keys += self._bottom_row(display, area)
        return Node("keyboard", FRAME, area, children=tuple(keys), style=Style(fill=_BOARD))

    def _row(self, display: Display, area: Bounds, number: int, letters: str) -> list[Node]:
        wide = area.width // 10
        inset = (area.width - wide * len(letters)) // 2
        keys = []
        for position, letter in enumerate(letters):
            shown = letter.upper() if self._shift else letter
            left = area.left + inset + position * wide
            keys.append(self._key(display, area, number, (left, left + wide), shown, shown))
        return keys

    def _bottom_row(self, display: Display, area: Bounds) -> list[Node]:
        wide, number = area.width // 10, len(ROWS)
        edges = [area.left + share * wide for share in (0, 2, 3, 7, 8, 10)]
        labels = (("⇧", "shift"), (",", ","), ("space", " "), (".", "."), ("del", "delete"))
        return [
            self._key(display, area, number, span, label, what)
            for span, (label, what) in zip(pairwise(edges), labels, strict=True)
        ]

    def _key(self, display: Display, area: Bounds, row: int, span: tuple[int, int], label: str, what: str) -> Node:
        top, gap = area.top + display.px(MARGIN_DP + row * ROW_DP), display.px(2)
        box = Bounds(span[0], top, span[1], top + display.px(ROW_DP)).inset(gap, gap)
        return button(display, f"key {what}", "", label, box, partial(self._press, what), fill=_KEY, color=INK)

    def _press(self, what: str) -> None:
        screen = self._device.screen
        if what == "shift":
            self._shift = not self._shift
            self.window.changed()
        elif what == "delete":
            screen.press(67)
        else:
            screen.type(what)
            if self._shift:
                self._shift = False
                self.window.changed()
