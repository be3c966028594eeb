"""The painter: shapes, text and icons land where the tree says."""

from __future__ import annotations

import pytest

from framework.virtual.ui.draw import Picture, paint
from framework.virtual.ui.fonts import wrap
from framework.virtual.ui.icons import icon_mask
from framework.virtual.ui.tree import Bounds, Display, Node, Style

DISPLAY = Display(300, 300, 160)


def picture(*children: Node, focus: str | None = None) -> Picture:
    root = Node("root", "Root", Bounds(0, 0, 300, 300), children=children, style=Style(fill="#ffffff"))
    return Picture(root, DISPLAY, "", focus)


def test_a_bubble_is_round_and_filled() -> None:
    """Its middle has the fill, its corner the ground, and the edge between them is smooth."""
    image = paint(picture(Node("bubble", "View", Bounds(50, 100, 250, 160), style=Style(fill="#0000ff", radius=20))))
    assert [image.getpixel(at) for at in ((150, 130), (50, 100), (49, 130))] == [
        (0, 0, 255),
        (255, 255, 255),
        (255, 255, 255),
    ]
    assert len({image.getpixel((50 + n, 106)) for n in range(12)}) > 2


@pytest.mark.parametrize("text", ["Hello", "河内明天"])
def test_text_is_drawn_inside_its_view(text: str) -> None:
    """In English and Chinese, with ink in the box and none outside."""
    style = Style(size=30, line_height=40, lines=wrap(text, 30, 200), origin=(60, 110))
    image = paint(picture(Node("text", "TextView", Bounds(50, 100, 250, 160), style=style))).convert("L")
    assert min(image.crop((50, 100, 250, 160)).tobytes()) < 50
    assert set(image.crop((0, 30, 300, 100)).tobytes()) == {255}


def test_the_focused_view_has_a_frame() -> None:
    """Around the view that has the focus, and only then."""
    field = Node("field", "EditText", Bounds(50, 100, 250, 160), style=Style(fill="#eeeeee"))
    plain, focused = paint(picture(field)), paint(picture(field, focus="field"))
    assert plain.getpixel((50, 130)) == (238, 238, 238)
    assert focused.getpixel((50, 130)) != (238, 238, 238)


@pytest.mark.parametrize("name", ["send", "microphone", "plus"])
def test_icons_differ_from_a_blank(name: str) -> None:
    """Each has ink and paper."""
    assert {0, 255} <= set(icon_mask(name, 48).tobytes())


def test_the_status_bar_has_two_ends() -> None:
    """The time on the left, the rest on the right."""
    image = paint(Picture(picture().root, DISPLAY, "09:41   87%", None)).convert("L").crop((0, 0, 300, 28))
    assert min(image.crop((0, 0, 80, 28)).tobytes()) < 120
    assert set(image.crop((110, 0, 190, 28)).tobytes()) == {255}
    assert min(image.crop((220, 0, 300, 28)).tobytes()) < 120
