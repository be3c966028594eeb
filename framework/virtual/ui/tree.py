"""The tree of what is on the screen, as Android's accessibility service sees it, with the looks that drawing needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

BASELINE_DPI = 160
"""Density at which one dp is one pixel (android.util.DisplayMetrics.DENSITY_DEFAULT)."""


@dataclass(frozen=True, slots=True)
class Display:
    """The panel that is lit, as it is turned: pixels, dots per inch, and quarters that it is turned by.

    A keyboard covers `keyboard` pixels at its bottom: windows keep what matters above it.
    """

    width: int
    height: int
    density: int
    rotation: int = 0
    keyboard: int = 0

    def px(self, dp: float) -> int:
        """Pixels of a length in density-independent pixels."""
        return round(dp * self.density / BASELINE_DPI)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def center(self) -> tuple[int, int]:
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def contains(self, x: int, y: int) -> bool:
        return self.left <= x < self.right and self.top <= y < self.bottom

    def inset(self, dx: int, dy: int) -> Bounds:
        return Bounds(self.left + dx, self.top + dy, self.right - dx, self.bottom - dy)

    def clip(self, other: Bounds) -> Bounds | None:
        """What both have in common; None when that is nothing."""
        both = Bounds(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )
        return both if both.width > 0 and both.height > 0 else None

    def __str__(self) -> str:
        return f"[{self.left},{self.top}][{self.right},{self.bottom}]"


@dataclass(frozen=True, slots=True)
class Style:
    """How a node is drawn; lengths in pixels, colours as `#rrggbb`.

    `lines` is the text as it was wrapped for `size`, drawn from `origin`; without them nothing is written.
    """

    fill: str | None = None
    outline: str | None = None
    radius: int = 0
    color: str = "#000000"
    size: int = 0
    line_height: int = 0
    lines: tuple[str, ...] = ()
    origin: tuple[int, int] = (0, 0)
    align: Literal["left", "center"] = "left"
    icon: Literal["send", "microphone", "plus"] | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One view. `key` says which view it is for as long as it lives; `bounds` are of the whole view, unclipped.

    What can be done with it is there as a callable: `on_text` takes the whole new text, `on_enter` the Enter key,
    `on_scroll` the pixels that its content is to move up by; `above` and `below` are the pixels that lie hidden there.
    With `gesture`, what a finger moves is no list.
    """

    key: str
    class_name: str
    bounds: Bounds
    resource_id: str = ""
    text: str = ""
    hint: str = ""
    content_desc: str = ""
    enabled: bool = True
    selected: bool = False
    password: bool = False
    checkable: bool = False
    checked: bool = False
    above: int = 0
    below: int = 0
    gesture: bool = False
    children: tuple[Node, ...] = ()
    on_click: Callable[[], None] | None = field(default=None, compare=False)
    on_long_click: Callable[[], None] | None = field(default=None, compare=False)
    on_text: Callable[[str], None] | None = field(default=None, compare=False)
    on_enter: Callable[[], None] | None = field(default=None, compare=False)
    on_scroll: Callable[[int], None] | None = field(default=None, compare=False)
    style: Style = Style()

    @property
    def said(self) -> str:
        """What accessibility is told: the hint of an empty field, dots for a secret."""
        return "•" * len(self.text) if self.password else self.text or self.hint

    @property
    def clickable(self) -> bool:
        return self.on_click is not None or self.on_text is not None

    @property
    def long_clickable(self) -> bool:
        return self.on_long_click is not None or self.on_text is not None

    @property
    def focusable(self) -> bool:
        return self.clickable

    @property
    def scrollable(self) -> bool:
        return self.on_scroll is not None and not self.gesture

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first, in drawing order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, key: str) -> Node | None:
        return next((node for node in self.walk() if node.key == key), None)

    def path_to(self, x: int, y: int) -> tuple[Node, ...]:
        """The nodes under a point, this one first, the topmost last; empty when the point is outside."""
        if not self.bounds.contains(x, y):
            return ()
        for child in reversed(self.children):
            if below := child.path_to(x, y):
                return (self, *below)
        return (self,)


@dataclass(slots=True)
class Window:
    """What an activity shows, or the system. `build` lays it out for a display; `changed` tells that it would differ.

    `text_length` counts the characters of the newest reply that it shows; `watcher` is told of each change. `title` is
    a window's that is no activity's. What lies below a `translucent` one is seen too, darker if it `dims`; one that
    is not `modal` takes the fingers on itself only, and no keys. `focus` is the key of the view that has the focus
    before any was touched.
    """

    package: str
    activity: str
    build: Callable[[Display], Node]
    on_back: Callable[[], None] | None = None
    revision: int = 0
    text_length: Callable[[], int] = lambda: 0
    watcher: Callable[[], None] | None = None
    title: str = ""
    translucent: bool = False
    dims: bool = False
    modal: bool = True
    focus: Callable[[], str | None] = lambda: None

    def changed(self) -> None:
        self.revision += 1
        if self.watcher is not None:
            self.watcher()
