"""A window of a few views on a screen without a handset."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from framework.virtual.ui.screen import Screen
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window


@dataclass
class Form:
    """A field, a button below it, and a list of rows, half of which hang out of it."""

    text: str = ""
    clicks: list[str] = field(default_factory=list)
    offset: int = 0
    edits: int = 0
    window: Window = field(init=False)
    display: Display = field(default_factory=lambda: Display(400, 800, 160))
    status_bar: str = "09:41   87%"
    lit: bool = True

    def __post_init__(self) -> None:
        self.window = Window("org.example", "org.example.Main", self.build, on_back=lambda: self.clicks.append("back"))

    @property
    def layers(self) -> tuple[Window, ...]:
        return (self.window,)

    def edit(self) -> None:
        self.edits += 1

    def build(self, display: Display) -> Node:
        entry = Node(
            "entry",
            "android.widget.EditText",
            Bounds(20, 40, 380, 100),
            "org.example:id/entry",
            text=self.text,
            hint="Say <something>",
            on_text=self.write,
            on_enter=lambda: self.clicks.append("enter"),
            style=Style(fill="#ffffff"),
        )
        button = Node(
            "button",
            "android.widget.Button",
            Bounds(20, 120, 380, 180),
            "org.example:id/button",
            text="Go \x00 & go",
            content_desc="go",
            on_click=lambda: self.clicks.append("button"),
            children=(Node("label", "android.widget.TextView", Bounds(30, 130, 100, 170), text="label"),),
        )
        off = Node("off", "android.widget.Button", Bounds(20, 190, 380, 195), enabled=False, on_click=self.clicks.clear)
        rows = tuple(
            Node(
                f"row{n}",
                "android.widget.TextView",
                Bounds(0, top, 400, top + 80),
                "org.example:id/row",
                text=f"row {n}",
            )
            for n, top in ((n, 200 + 80 * n - self.offset) for n in range(10))
        )
        listed = Node("list", "android.widget.ListView", Bounds(0, 200, 400, 600), children=rows, on_scroll=self.scroll)
        children = (entry, button, off, listed)
        screen = Bounds(0, 0, display.width, display.height)
        return Node("root", "android.widget.FrameLayout", screen, children=children, style=Style(fill="#eeeeee"))

    def write(self, text: str) -> None:
        self.text = text
        self.window.changed()

    def scroll(self, pixels: int) -> None:
        self.offset += pixels
        self.window.changed()


@pytest.fixture
def form() -> Form:
    return Form()


@pytest.fixture
def screen(form: Form) -> Screen:
    return Screen(form)
