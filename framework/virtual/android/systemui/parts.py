"""Views that the system's own windows are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from framework.virtual.ui.fonts import wrap
from framework.virtual.ui.tree import Bounds, Display, Node, Style

if TYPE_CHECKING:
    from framework.virtual.device import Device

PACKAGE = "com.android.systemui"
FRAME = "android.widget.FrameLayout"
LINEAR = "android.widget.LinearLayout"
TEXT_VIEW = "android.widget.TextView"
BUTTON = "android.widget.Button"
EDIT_TEXT = "android.widget.EditText"

INK = "#1b1d21"
QUIET = "#5b6270"
PANEL = "#f2f4f9"
TINT = "#dce6f9"
NIGHT = "#10141c"
MOON = "#e8ecf4"


class Pull:
    """How far one finger has pulled something, in device-independent pixels; another finger begins anew."""

    def __init__(self, device: Device, enough_dp: int) -> None:
        self._device = device
        self._enough_dp = enough_dp
        self._stroke = self._pulled = 0

    def by(self, pixels: int) -> bool:
        """Whether that is enough now; the finger begins anew then."""
        if self._stroke != self._device.touch.strokes_begun:
            self._stroke, self._pulled = self._device.touch.strokes_begun, 0
        self._pulled = max(0, self._pulled + pixels)
        enough = self._pulled >= self._device.screen.display.px(self._enough_dp)
        if enough:
            self._pulled = 0
        return enough


def whole(display: Display) -> Bounds:
    return Bounds(0, 0, display.width, display.height)


def words(
    display: Display,
    key: str,
    resource_id: str,
    text: str,
    area: Bounds,
    *,
    size_dp: int = 16,
    color: str = INK,
    content_desc: str = "",
) -> Node:
    """Text that is not touched, centred in its area."""
    size = display.px(size_dp)
    line_height = round(size * 1.4)
    lines = wrap(text, size, area.width) if text else ()
    top = area.center[1] - len(lines) * line_height // 2
    style = Style(color=color, size=size, line_height=line_height, lines=lines, origin=(area.left, top), align="center")
    return Node(key, TEXT_VIEW, area, resource_id, text=text, content_desc=content_desc, style=style)


def button(
    display: Display,
    key: str,
    resource_id: str,
    text: str,
    area: Bounds,
    on_click: Callable[[], None],
    *,
    class_name: str = BUTTON,
    fill: str = TINT,
    color: str = INK,
) -> Node:
    """A pill with a word in it."""
    size = display.px(15)
    line_height = round(size * 1.4)
    style = Style(
        fill=fill,
        radius=area.height // 2,
        color=color,
        size=size,
        line_height=line_height,
        lines=(text,),
        origin=(area.left, area.center[1] - line_height // 2),
        align="center",
    )
    return Node(key, class_name, area, resource_id, text=text, on_click=on_click, style=style)
