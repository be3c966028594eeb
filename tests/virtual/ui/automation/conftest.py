"""A handset whose launcher shows a long list of rows, driven without any protocol."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from framework.virtual.ui.automation import Automation
from framework.virtual.ui.tree import Bounds, Display, Node, Window

ROWS, TALL = 60, 200


class Rows:
    """A list of rows below a field; it remembers what was done to it."""

    def __init__(self) -> None:
        self.offset, self.text = 0, ""
        self.events: list[str] = []
        self.window = Window("com.miui.home", "com.miui.home.Rows", self.build)

    def build(self, display: Display) -> Node:
        field = Node(
            "field",
            "android.widget.EditText",
            Bounds(0, 100, display.width, 300),
            "com.miui.home:id/field",
            text=self.text,
            hint="Search",
            on_text=self.write,
        )
        area = Bounds(0, 300, display.width, display.height - 100)
        rows = tuple(self._row(number, area) for number in range(ROWS))
        hidden = ROWS * TALL - area.height
        listed = Node(
            "list",
            "android.widget.ListView",
            area,
            "com.miui.home:id/list",
            above=self.offset,
            below=hidden - self.offset,
            children=rows,
            on_scroll=lambda pixels: self.scroll(pixels, hidden),
        )
        whole = Bounds(0, 0, display.width, display.height)
        return Node("root", "android.widget.FrameLayout", whole, children=(field, listed))

    def _row(self, number: int, area: Bounds) -> Node:
        top = area.top + number * TALL - self.offset
        return Node(
            f"row{number}",
            "android.widget.TextView",
            Bounds(0, top, area.right, top + TALL),
            "com.miui.home:id/row",
            text=f"row {number}",
            content_desc=f"number {number}",
            on_click=lambda: self.events.append(f"click {number}"),
            on_long_click=lambda: self.events.append(f"hold {number}"),
        )

    def write(self, text: str) -> None:
        self.text = text
        self.window.changed()

    def scroll(self, pixels: int, hidden: int) -> None:
        self.offset = min(max(0, self.offset + pixels), hidden)
        self.window.changed()


WithRows = Callable[..., Any]
"""with_rows(script): runs `await script(on, rows)` and returns what it returns."""


@pytest.fixture
def with_rows(on_bench: Any) -> WithRows:
    def run(script: Callable[[Automation, Rows], Awaitable[Any]]) -> Any:
        async def on_handset(bench: Any) -> Any:
            rows = Rows()
            home = bench.device.activities.foreground
            home._window = rows.window
            return await script(Automation(bench.device), rows)

        return on_bench(on_handset)

    return run
