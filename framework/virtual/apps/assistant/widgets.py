"""The views of the conversation screen, measured and styled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from framework.virtual.apps.assistant.conversation import Message
from framework.virtual.ui.fonts import text_width, wrap
from framework.virtual.ui.tree import Bounds, Display, Node, Style

FRAME = "android.widget.FrameLayout"
LIST = "androidx.recyclerview.widget.RecyclerView"
TEXT_VIEW = "android.widget.TextView"
EDIT_TEXT = "android.widget.EditText"
IMAGE_BUTTON = "android.widget.ImageButton"

BACKGROUND = "#fbfcff"
SURFACE = "#eff3fa"
TINT = "#dce6f9"
ACCENT = "#1f5fbf"
ON_ACCENT = "#ffffff"
INK = "#1b1d21"
QUIET_INK = "#5b6270"
REPLY_FILL = "#e9edf5"
NOTICE_FILL = "#fff3d6"

_BUBBLE_SHARE = 0.8
_BUBBLE_TEXT_DP = 16
_BUBBLE_LINE_DP = 23
_BUBBLE_RADIUS_DP = 18
_PADDING_X_DP = 14
_PADDING_Y_DP = 9
_TRIM_LIMIT = 400
"""Characters of a draft that are looked at for the part that fits the field."""


def label(
    display: Display,
    key: str,
    resource_id: str,
    text: str,
    area: Bounds,
    *,
    size_dp: int,
    color: str = QUIET_INK,
    rows: int = 1,
) -> Node:
    """Text in up to `rows` lines; what does not fit is left out at the end of the last."""
    size = display.px(size_dp)
    lines = wrap(text, size, area.width)
    if len(lines) > rows:
        lines = (*lines[: rows - 1], _cut(" ".join(lines[rows - 1 :]), size, area.width))
    style = Style(color=color, size=size, line_height=round(size * 1.4), lines=lines, origin=(area.left, area.top))
    return Node(key, TEXT_VIEW, area, resource_id, text=text, style=style)


def banner(display: Display, key: str, resource_id: str, text: str, area: Bounds) -> Node:
    """A short message on a coloured band."""
    size = display.px(14)
    origin = (area.left, area.center[1] - round(size * 0.62))
    style = Style(
        fill=NOTICE_FILL, radius=display.px(12), color=INK, size=size, lines=(text,), origin=origin, align="center"
    )
    return Node(key, TEXT_VIEW, area, resource_id, text=text, style=style)


def button(
    key: str,
    resource_id: str,
    description: str,
    icon: Literal["send", "microphone", "plus"],
    area: Bounds,
    on_click: Callable[[], None],
    *,
    fill: str,
    ink: str,
) -> Node:
    """A round button."""
    style = Style(fill=fill, radius=area.height // 2, color=ink, icon=icon)
    return Node(key, IMAGE_BUTTON, area, resource_id, content_desc=description, on_click=on_click, style=style)


def text_field(
    display: Display,
    key: str,
    resource_id: str,
    hint: str,
    text: str,
    area: Bounds,
    on_text: Callable[[str], None],
    on_enter: Callable[[], None],
) -> Node:
    """A field of one line, which shows the end of what was typed."""
    size, padding = display.px(_BUBBLE_TEXT_DP), display.px(20)
    shown = _tail(text.replace("\n", " "), size, area.width - 2 * padding) if text else hint
    style = Style(
        fill="#ffffff",
        outline=TINT,
        radius=area.height // 2,
        color=INK if text else QUIET_INK,
        size=size,
        lines=(shown,),
        origin=(area.left + padding, area.center[1] - round(size * 0.62)),
    )
    return Node(
        key, EDIT_TEXT, area, resource_id, text=text, hint=hint, on_text=on_text, on_enter=on_enter, style=style
    )


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message that was measured; lengths in pixels."""

    message: Message
    lines: tuple[str, ...]
    size: int
    line_height: int
    padding: tuple[int, int]
    radius: int
    width: int

    @property
    def height(self) -> int:
        return len(self.lines) * self.line_height + 2 * self.padding[1]

    def place(self, column: Bounds, top: int, question_id: str, reply_id: str) -> Node:
        """The user's on the right, the assistant's on the left of `column`."""
        mine = self.message.speaker == "user"
        left = column.right - self.width if mine else column.left
        style = Style(
            fill=ACCENT if mine else REPLY_FILL,
            radius=self.radius,
            color=ON_ACCENT if mine else INK,
            size=self.size,
            line_height=self.line_height,
            lines=self.lines,
            origin=(left + self.padding[0], top + self.padding[1]),
        )
        return Node(
            f"message-{self.message.number}",
            TEXT_VIEW,
            Bounds(left, top, left + self.width, top + self.height),
            question_id if mine else reply_id,
            text=self.message.text,
            style=style,
        )


def measure(display: Display, message: Message, column_width: int) -> Bubble:
    size = display.px(_BUBBLE_TEXT_DP)
    padding = display.px(_PADDING_X_DP), display.px(_PADDING_Y_DP)
    lines = wrap(message.text, size, int(column_width * _BUBBLE_SHARE) - 2 * padding[0])
    width = max(text_width(line, size) for line in lines) + 2 * padding[0]
    line_height = display.px(_BUBBLE_LINE_DP)
    return Bubble(message, lines, size, line_height, padding, display.px(_BUBBLE_RADIUS_DP), width)


def _tail(text: str, size: int, width: int) -> str:
    """The end of `text` that fits."""
    text = text[-_TRIM_LIMIT:]
    while text and text_width(text, size) > width:
        text = text[1:]
    return text


def _cut(text: str, size: int, width: int) -> str:
    """The beginning of `text` that fits, with an ellipsis."""
    text = text[:_TRIM_LIMIT]
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text + "…"
