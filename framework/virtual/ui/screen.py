"""The lit screen: what is on it, and fingers and keys upon it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import is_
from typing import TYPE_CHECKING, Final, Protocol

from framework.virtual.ui import draw, hierarchy
from framework.virtual.ui.tree import Bounds, Display, Node, Window

if TYPE_CHECKING:
    from lxml.etree import _Element

KEYCODE_BACK: Final = 4
KEYCODE_ENTER: Final = 66
KEYCODE_DEL: Final = 67
KEYCODE_NUMPAD_ENTER: Final = 160
"""android.view.KeyEvent"""


class Screenful(Protocol):
    """What the screen asks of the handset."""

    @property
    def window(self) -> Window | None:
        """The one that has the focus."""

    @property
    def layers(self) -> Sequence[Window]:
        """All that can be seen, the lowest first."""

    @property
    def lit(self) -> bool:
        """Whether the panel is on."""

    @property
    def display(self) -> Display:
        """The panel that is lit in the current posture."""

    def edit(self) -> None:
        """A view that takes text was touched."""

    @property
    def status_bar(self) -> str:
        """What the status bar says on its left and, after three spaces, on its right: `09:41   87%`."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """One layout of one window. `laid_out` has whole views, `visible` what can be seen of them."""

    window: Window
    revision: int
    display: Display
    laid_out: Node
    visible: Node

    def shows(self, window: Window, display: Display) -> bool:
        return self.window is window and self.revision == window.revision and self.display == display


class Screen:
    """The screen of one handset; everything is laid out when it is looked at."""

    def __init__(self, source: Screenful) -> None:
        self._source = source
        self._frames: list[_Frame] = []
        self._focus: tuple[Window, str] | None = None
        self._picture: tuple[draw.Picture, bytes] | None = None
        self._source_tree: tuple[_Frame, _Element] | None = None

    # -- looking -----------------------------------------------------------------------------------------------

    @property
    def foreground(self) -> Window | None:
        return self._source.window

    @property
    def display(self) -> Display:
        return self._source.display

    @property
    def size(self) -> tuple[int, int]:
        return self.display.width, self.display.height

    @property
    def orientation(self) -> str:
        return "LANDSCAPE" if self.display.width > self.display.height else "PORTRAIT"

    @property
    def focus(self) -> str | None:
        """The key of the view that has the input focus."""
        window = self.foreground
        if self._focus is not None and self._focus[0] is window:
            return self._focus[1]
        return window.focus() if window is not None else None

    def tree(self) -> Node:
        """What can be seen: hidden views are left out, bounds are those of the visible part."""
        return self._front().visible

    def xml(self) -> str:
        """The hierarchy as `uiautomator dump` writes it."""
        return hierarchy.dump_xml(self.tree(), self._package, self.focus, self.display.rotation)

    def source(self) -> _Element:
        """The hierarchy as Appium's page source, for xpath; not to be changed."""
        frame = self._front()
        if self._source_tree is None or self._source_tree[0] is not frame:
            tree = hierarchy.source_tree(frame.visible, self._package, self.focus, frame.display)
            self._source_tree = (frame, tree)
        return self._source_tree[1]

    def png(self) -> bytes:
        """The picture on the screen."""
        picture = self._as_picture()
        return self._kept(picture) or self._keep(picture, draw.png(picture))

    async def capture(self, part: Bounds | None = None) -> bytes:
        """The picture on the screen at this moment, or a part of it, as PNG; drawn in a thread."""
        picture = self._as_picture()
        if part is not None:
            return await asyncio.to_thread(draw.png, picture, part)
        if (kept := self._kept(picture)) is not None:
            return kept
        return self._keep(picture, await asyncio.to_thread(draw.png, picture))

    # -- touching ----------------------------------------------------------------------------------------------

    def tap(self, x: int, y: int) -> bool:
        """A finger at (x, y): the topmost view that takes clicks gets it. False where none does."""
        window, path = self._touched((x, y))
        for node in reversed(path):
            if node.clickable:
                return self._click(window, node)
        return False

    def long_press(self, x: int, y: int) -> bool:
        """A finger that stays at (x, y). False where nothing takes a long click."""
        for node in reversed(self._touched((x, y))[1]):
            if node.on_long_click is not None and node.enabled:
                node.on_long_click()
                return True
        return False

    def swipe(self, start: tuple[int, int], end: tuple[int, int]) -> bool:
        """A finger from `start` to `end`: the content under it follows. False where nothing scrolls."""
        for node in reversed(self._touched(start)[1]):
            if node.on_scroll is not None:
                node.on_scroll(start[1] - end[1])
                return True
        return False

    def type(self, text: str) -> bool:
        """Keys into the focused view, after what is there; False where no view takes text."""
        node = self._focused()
        return node is not None and self.replace(node.text + text)

    def replace(self, text: str) -> bool:
        """Make `text` the whole text of the focused view; False where no view takes text."""
        node = self._focused()
        if node is None or node.on_text is None:
            return False
        node.on_text(text)
        return True

    def press(self, keycode: int) -> bool:
        """A key; False when nothing on the screen handles it, so that the system may."""
        window, node = self.foreground, self._focused()
        if keycode == KEYCODE_BACK and window is not None and window.on_back is not None:
            window.on_back()
        elif keycode in (KEYCODE_ENTER, KEYCODE_NUMPAD_ENTER) and node is not None and node.on_enter is not None:
            node.on_enter()
        elif keycode == KEYCODE_DEL and node is not None and node.on_text is not None:
            node.on_text(node.text[:-1])
        else:
            return False
        return True

    # -- how ---------------------------------------------------------------------------------------------------

    @property
    def _package(self) -> str:
        return self.foreground.package if self.foreground is not None else ""

    def _touched(self, at: tuple[int, int]) -> tuple[Window, tuple[Node, ...]]:
        """The window under a finger, and the views there, the topmost last."""
        for window in reversed(self._source.layers):
            path = self._laid_out(window).visible.path_to(*at)
            if path or window.modal:
                return window, path
        return _DARK, ()

    def _click(self, window: Window, node: Node) -> bool:
        if not node.enabled:
            return False
        if window.modal and node.on_text is not None and node.key != self.focus:
            self._focus = (window, node.key)
            window.changed()
        if window.modal and node.on_text is not None:
            self._source.edit()
        if node.on_click is not None:
            node.on_click()
        return True

    def _focused(self) -> Node | None:
        return self.tree().find(self.focus) if self.focus is not None else None

    def _front(self) -> _Frame:
        return self._laid_out(self.foreground or _DARK)

    def _laid_out(self, window: Window) -> _Frame:
        """A window's layout, kept for as long as it holds and the window is on the screen."""
        display = self.display
        for frame in self._frames:
            if frame.shows(window, display):
                return frame
        root = window.build(display)
        visible = visible_part(root, root.bounds)
        frame = _Frame(window, window.revision, display, root, visible or replace(root, children=()))
        shown = self._source.layers
        self._frames = [each for each in self._frames if each.window in shown and each.window is not window]
        self._frames.append(frame)
        return frame

    def _as_picture(self) -> draw.Picture:
        """The focused window between those under it and those over it."""
        front, layers = self._front(), list(self._source.layers)
        at = layers.index(front.window) if front.window in layers else 0
        below = tuple(self._laid_out(window).laid_out for window in layers[:at])
        above = tuple(self._laid_out(window).laid_out for window in layers[at + 1 :])
        status, lit = self._source.status_bar, self._source.lit
        dims = front.window.dims
        return draw.Picture(front.laid_out, front.display, status, self.focus, below, dims, above, lit=lit)

    def _kept(self, picture: draw.Picture) -> bytes | None:
        return self._picture[1] if self._picture is not None and self._picture[0] == picture else None

    def _keep(self, picture: draw.Picture, png: bytes) -> bytes:
        self._picture = (picture, png)
        return png


def visible_part(node: Node, clip: Bounds) -> Node | None:
    """What can be seen of a view inside `clip`, and of the views in it; None when that is nothing."""
    bounds = node.bounds.clip(clip)
    if bounds is None:
        return None
    children = tuple(seen for child in node.children if (seen := visible_part(child, bounds)) is not None)
    if bounds == node.bounds and len(children) == len(node.children) and all(map(is_, children, node.children)):
        return node
    return replace(node, bounds=bounds, children=children)


def _build_dark(display: Display) -> Node:
    return Node("root", "android.widget.FrameLayout", Bounds(0, 0, display.width, display.height))


_DARK = Window("android", "", _build_dark)
"""What is there before any app is."""
