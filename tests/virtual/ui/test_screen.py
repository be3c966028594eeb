"""The screen: what can be seen, touched and typed."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree
from PIL import Image

from framework.virtual.ui.screen import KEYCODE_BACK, KEYCODE_DEL, KEYCODE_ENTER
from framework.virtual.ui.tree import Bounds, Display

if TYPE_CHECKING:
    from conftest import Form
    from framework.virtual.ui.screen import Screen


def test_a_tap_reaches_the_view_that_takes_clicks(form: Form, screen: Screen) -> None:
    """A label in a button lets the finger through; outside of both nobody takes it; a disabled view does nothing."""
    assert [screen.tap(50, 150), screen.tap(10, 790), screen.tap(50, 192)] == [True, False, False]
    assert form.clicks == ["button"]


def test_keys_go_to_the_focused_field(form: Form, screen: Screen) -> None:
    """After what is there; delete and enter are keys too; without focus nothing is typed."""
    assert not screen.type("lost")
    screen.tap(50, 50)
    screen.type("河内")
    screen.type("ab")
    screen.press(KEYCODE_DEL)
    screen.press(KEYCODE_ENTER)
    assert (form.text, form.clicks, screen.focus) == ("河内a", ["enter"], "entry")


def test_the_focus_stays_with_its_window(form: Form, screen: Screen) -> None:
    """Another window in front has no focus yet."""
    screen.tap(50, 50)
    form.window = type(form)().window
    assert screen.focus is None


def test_keys_that_nobody_takes_are_left_to_the_system(form: Form, screen: Screen) -> None:
    """Back belongs to the window if it wants it; Home never does."""
    assert [screen.press(KEYCODE_BACK), screen.press(3), screen.press(KEYCODE_ENTER)] == [True, False, False]
    assert form.clicks == ["back"]


def test_hidden_rows_are_not_in_the_tree(form: Form, screen: Screen) -> None:
    """As on Android: what is scrolled out is absent, what is cut has the bounds of its visible part."""
    rows = [node for node in screen.tree().walk() if node.key.startswith("row")]
    assert [node.key for node in rows] == [f"row{n}" for n in range(5)]
    assert screen.swipe((200, 500), (200, 360))
    rows = [node for node in screen.tree().walk() if node.key.startswith("row")]
    assert [str(rows[0].bounds), str(rows[-1].bounds)] == ["[0,200][400,220]", "[0,540][400,600]"]
    assert not screen.swipe((200, 50), (200, 20))


def test_a_change_of_display_is_a_new_layout(form: Form, screen: Screen) -> None:
    """As when a foldable is folded; an unchanged screen is not laid out again."""
    first = screen.tree()
    assert screen.tree() is first
    form.display = Display(800, 400, 160)
    assert (screen.tree().bounds, screen.orientation) == (Bounds(0, 0, 800, 400), "LANDSCAPE")


def test_the_dump_is_uiautomators(screen: Screen) -> None:
    """Well-formed whatever the text, every element a `node`, flags and bounds as Android writes them."""
    screen.tap(50, 50)
    root = etree.fromstring(screen.xml().encode())
    assert (root.tag, root.get("rotation"), {element.tag for element in root.iter()} - {"hierarchy"}) == (
        "hierarchy",
        "0",
        {"node"},
    )
    entry, button = root.find(".//node[@resource-id='org.example:id/entry']"), root.find(".//node[@content-desc='go']")
    assert entry is not None
    assert button is not None
    assert (entry.get("text"), entry.get("focused"), entry.get("clickable")) == ("Say <something>", "true", "true")
    assert (button.get("text"), button.get("bounds"), button.get("index")) == ("Go ? & go", "[20,120][380,180]", "1")
    assert button.get("package") == "org.example"


def test_the_picture_is_drawn_once_for_one_content(form: Form, screen: Screen) -> None:
    """PNG in the size of the display; the same bytes until something that can be seen has changed."""
    first = screen.png()
    assert Image.open(io.BytesIO(first)).size == (400, 800)
    form.window.changed()
    assert screen.png() is first
    form.status_bar = "09:42   87%"
    assert screen.png() != first


def test_a_part_of_the_picture_can_be_captured(screen: Screen) -> None:
    """The same pixels as in the whole."""
    part = Bounds(20, 40, 380, 100)
    whole = Image.open(io.BytesIO(screen.png())).crop((20, 40, 380, 100))
    captured = Image.open(io.BytesIO(asyncio.run(screen.capture(part))))
    assert captured.tobytes() == whole.tobytes()


def test_views_in_a_list_are_clipped_to_it(form: Form, screen: Screen) -> None:
    """Nothing of a row that hangs out of its list is painted outside of it."""
    build = form.build

    def coloured(display: Display) -> object:
        root = build(display)
        *others, listed = root.children
        rows = tuple(replace(row, style=replace(row.style, fill="#ff0000")) for row in listed.children)
        return replace(root, children=(*others, replace(listed, children=rows)))

    form.window.build = coloured  # type: ignore[assignment]
    form.scroll(40)
    image = Image.open(io.BytesIO(screen.png())).convert("RGB")
    assert [image.getpixel((200, y)) for y in (198, 202, 597, 602)] == [
        (238, 238, 238),
        (255, 0, 0),
        (255, 0, 0),
        (238, 238, 238),
    ]
