"""The picture of a screen: the laid-out tree painted with Pillow, with the system's bars around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from framework.virtual.ui import fonts
from framework.virtual.ui.icons import icon_mask
from framework.virtual.ui.tree import Bounds, Display, Node

if TYPE_CHECKING:
    from PIL.Image import Image

STATUS_BAR_DP = 28
GESTURE_BAR_DP = 24

_BAR_TEXT_DP = 13
_BAR_COLOR = "#3c4043"
_OUTLINE_DP = 1
_FOCUS_DP = 2
_FOCUS_COLOR = "#1a56db"
_DIM = 82
"""Of 255: how dark it is behind a dialog (backgroundDimAmount of Material's dialogs, 0.32)."""

_SMOOTHING = 4
_PNG_LEVEL = 1
"""zlib's fastest: the picture is flat, and somebody waits for it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that decides the pixels; `below` lies under `root`, the lowest first, darkened if it is `dimmed`.

    A screen that is not `lit` is black.
    """

    root: Node
    display: Display
    status_bar: str
    focus: str | None
    below: tuple[Node, ...] = ()
    dimmed: bool = False
    above: tuple[Node, ...] = ()
    lit: bool = True


def png(picture: Picture, part: Bounds | None = None) -> bytes:
    """Paint and compress; RGB, in the size of the display or of the part that is wanted."""
    import io

    image, out = paint(picture), io.BytesIO()
    if part is not None:
        image = image.crop((part.left, part.top, part.right, part.bottom))
    image.save(out, "PNG", compress_level=_PNG_LEVEL)
    return out.getvalue()


def paint(picture: Picture) -> Image:
    from PIL import Image

    image = Image.new("RGB", (picture.display.width, picture.display.height), "#000000")
    _Painter(image, picture).run()
    return image


class _Painter:
    def __init__(self, image: Image, picture: Picture) -> None:
        from PIL import ImageDraw

        self._image = image
        self._draw = ImageDraw.Draw(image)
        self._picture = picture

    def run(self) -> None:
        picture, display = self._picture, self._picture.display
        if not picture.lit:
            return
        for root in picture.below:
            self._paint(root)
        if picture.dimmed:
            self._image.paste("#000000", (0, 0), self._veil())
        for root in (picture.root, *picture.above):
            self._paint(root)
        self._status_bar(display)
        self._gesture_bar(display)

    def _veil(self) -> Image:
        from PIL import Image

        return Image.new("L", self._image.size, _DIM)

    def _paint(self, node: Node) -> None:
        self._paint_view(node)
        if node.scrollable:
            self._paint_clipped(node)
        else:
            self._paint_children(node)

    def _paint_children(self, node: Node) -> None:
        for child in node.children:
            self._paint(child)

    def _paint_clipped(self, node: Node) -> None:
        """Paint what is in a list on a copy, and take over the part that the list shows."""
        from PIL import ImageDraw

        below, self._image = self._image, self._image.copy()
        self._draw = ImageDraw.Draw(self._image)
        self._paint_children(node)
        box = node.bounds
        below.paste(self._image.crop((box.left, box.top, box.right, box.bottom)), (box.left, box.top))
        self._image, self._draw = below, ImageDraw.Draw(below)

    def _paint_view(self, node: Node) -> None:
        style, box = node.style, node.bounds
        focused = node.key == self._picture.focus
        outline = _FOCUS_COLOR if focused else style.outline
        if outline is not None:
            self._fill(box, outline, style.radius)
            thick = self._picture.display.px(_FOCUS_DP if focused else _OUTLINE_DP)
            box = box.inset(thick, thick)
        if style.fill is not None:
            self._fill(box, style.fill, style.radius)
        if style.icon is not None:
            self._icon(box, style.icon, style.color)
        self._text(node)

    def _fill(self, box: Bounds, color: str, radius: int) -> None:
        area = (box.left, box.top, box.right - 1, box.bottom - 1)
        if radius:
            mask = _rounded(box.width, box.height, min(radius, box.width // 2, box.height // 2))
            self._image.paste(color, (box.left, box.top), mask)
        else:
            self._draw.rectangle(area, color)

    def _icon(self, box: Bounds, name: str, color: str) -> None:
        side = min(box.width, box.height) * 5 // 9
        left, top = box.center[0] - side // 2, box.center[1] - side // 2
        self._image.paste(color, (left, top), icon_mask(name, side))

    def _text(self, node: Node) -> None:
        style = node.style
        x, y = style.origin
        for number, line in enumerate(style.lines):
            left = x if style.align == "left" else node.bounds.center[0] - fonts.text_width(line, style.size) // 2
            self._write((left, y + number * style.line_height), line, style.size, style.color)

    def _write(self, place: tuple[int, int], text: str, size: int, color: str) -> None:
        self._draw.text(place, text, color, fonts.font(size), anchor="la")

    def _status_bar(self, display: Display) -> None:
        size = display.px(_BAR_TEXT_DP)
        left, _, right = self._picture.status_bar.partition("   ")
        top = (display.px(STATUS_BAR_DP) - size) // 2
        edge = display.px(20)
        self._write((edge, top), left, size, _BAR_COLOR)
        self._write((display.width - edge - fonts.text_width(right, size), top), right, size, _BAR_COLOR)

    def _gesture_bar(self, display: Display) -> None:
        middle, bottom = display.width // 2, display.height - display.px(8)
        half, thick = display.px(54), display.px(4)
        self._fill(Bounds(middle - half, bottom - thick, middle + half, bottom), _BAR_COLOR, thick // 2)


@lru_cache(maxsize=64)
def _rounded(width: int, height: int, radius: int) -> Image:
    """A mask with smooth round corners."""
    from PIL import Image

    mask = Image.new("L", (width, height), 255)
    corner = _corner(radius)
    for turns, place in enumerate(
        [(0, 0), (0, height - radius), (width - radius, height - radius), (width - radius, 0)]
    ):
        mask.paste(corner.rotate(90 * turns), place)
    return mask


@lru_cache(maxsize=64)
def _corner(radius: int) -> Image:
    """The top left quarter of a disc."""
    from PIL import Image, ImageDraw

    big = radius * _SMOOTHING
    quarter = Image.new("L", (big, big), 0)
    ImageDraw.Draw(quarter).ellipse((0, 0, 2 * big, 2 * big), 255)
    return quarter.resize((radius, radius), Image.Resampling.LANCZOS)
