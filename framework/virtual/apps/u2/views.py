"""Methods about views: those that a selector finds, or an object that an earlier method gave a name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from framework.virtual.apps.u2 import selector as selectors
from framework.virtual.apps.u2.errors import not_found
from framework.virtual.apps.u2.screen import STEP_NS
from framework.virtual.ui.automation import Automation, elements, gestures
from framework.virtual.ui.tree import Bounds, Node

POLL_NS = 50_000_000
TO_THE_END = 1000
"""Strokes after which a list that still scrolls is given up."""

Point = Mapping[str, float]


@dataclass
class Views:
    """The views on the screen, as one client names them."""

    on: Automation
    named: dict[str, Callable[[], Sequence[Node]]] = field(default_factory=dict)

    # -- finding -----------------------------------------------------------------------------------------------

    def all(self, target: Any) -> Sequence[Node]:
        """What a selector, or the name of an object, leads to now."""
        if isinstance(target, str):
            return self.named[target]() if target in self.named else ()
        return selectors.find(self.on, target)

    def one(self, target: Any) -> Node:
        found = self.all(target)
        if not found:
            raise not_found(target)
        return found[0]

    async def exist(self, target: Any) -> bool:
        return bool(self.all(target))

    async def count(self, target: Any) -> int:
        return len(self.all(target))

    async def wait_for_exists(self, target: Any, timeout_ms: int) -> bool:
        return await self._until(lambda: bool(self.all(target)), timeout_ms)

    async def wait_until_gone(self, target: Any, timeout_ms: int) -> bool:
        return await self._until(lambda: not self.all(target), timeout_ms)

    async def _until(self, holds: Callable[[], bool], timeout_ms: int) -> bool:
        clock = self.on.device.clock
        gives_up_ns = clock.now_ns() + timeout_ms * 1_000_000
        while not holds():
            if clock.now_ns() >= gives_up_ns:
                return False
            await clock.sleep(POLL_NS)
        return True

    async def child_by_text(self, collection: Any, child: Any, text: str, scroll: bool = False) -> str:
        return await self._child_by(collection, child, lambda node: node.said == text, scroll)

    async def child_by_description(self, collection: Any, child: Any, text: str, scroll: bool = False) -> str:
        return await self._child_by(collection, child, lambda node: node.content_desc == text, scroll)

    async def child_by_instance(self, collection: Any, child: Any, instance: int) -> str:
        return self._name(lambda: selectors.find(self.on, child, self.one(collection))[instance : instance + 1])

    async def _child_by(self, collection: Any, child: Any, fits: Callable[[Node], bool], scroll: bool) -> str:
        """The child that has, or holds, what fits (UiCollection.getChildByText)."""

        def found() -> Sequence[Node]:
            inside = selectors.find(self.on, child, self.one(collection))
            return [node for node in inside if any(map(fits, node.walk()))]

        strokes = 0
        while scroll and not found() and strokes < TO_THE_END:
            strokes += 1
            if not await self._scroll(self.one(collection).bounds, "down"):
                break
        if not found():
            raise not_found(child)
        return self._name(found)

    def _name(self, found: Callable[[], Sequence[Node]]) -> str:
        name = str(uuid4())
        self.named[name] = found
        return name

    # -- reading -----------------------------------------------------------------------------------------------

    async def info(self, target: Any) -> Mapping[str, object]:
        return self._info(self.one(target))

    async def infos(self, target: Any) -> list[Mapping[str, object]]:
        return [self._info(node) for node in self.all(target)]

    async def get_text(self, target: Any) -> str:
        return elements.text(self.one(target))

    def _info(self, node: Node) -> Mapping[str, object]:
        """ObjInfo.java"""
        return {
            "bounds": _rectangle(node.bounds),
            "checkable": node.checkable,
            "checked": node.checked,
            "childCount": len(node.children),
            "className": node.class_name,
            "clickable": node.clickable,
            "contentDescription": node.content_desc or None,
            "enabled": node.enabled,
            "focusable": node.focusable,
            "focused": node.key == self.on.screen.focus,
            "longClickable": node.long_clickable,
            "packageName": self.on.package,
            "resourceName": node.resource_id or None,
            "scrollable": node.scrollable,
            "selected": node.selected,
            "text": node.said,
            "visibleBounds": _rectangle(node.bounds),
        }

    # -- touching ----------------------------------------------------------------------------------------------

    async def click(self, target: Any, corner: str = "") -> bool:
        await gestures.click(self.on, _place(self.one(target).bounds, corner))
        return True

    async def long_click(self, target: Any, corner: str = "") -> bool:
        await gestures.long_click(self.on, _place(self.one(target).bounds, corner))
        return True

    async def set_text(self, target: Any, text: str) -> bool:
        elements.set_text(self.on, self.one(target), text, replace=True)
        return True

    async def clear_text(self, target: Any) -> None:
        elements.clear(self.on, self.one(target))

    async def drag_to(self, target: Any, *to: Any) -> bool:
        """To a point, or to another view; the last argument is the steps."""
        end = (round(to[0]), round(to[1])) if len(to) == 3 else self.one(to[0]).bounds.center
        way = (self.one(target).bounds.center, end)
        await self.on.device.touch.strokes([way], to[-1] * STEP_NS, hold_ns=gestures.LONG_CLICK_MS * 1_000_000)
        return True

    async def swipe(self, target: Any, direction: str, steps: int) -> bool:
        bounds = self.one(target).bounds
        x, y = bounds.center
        ends = {"up": (x, bounds.top), "down": (x, bounds.bottom - 1), "left": (bounds.left, y)}
        end = ends.get(direction, (bounds.right - 1, y))
        await self.on.device.touch.strokes([((x, y), end)], steps * STEP_NS)
        return True

    async def gesture(self, target: Any, start1: Point, start2: Point, end1: Point, end2: Point, steps: int) -> bool:
        self.one(target)
        ways = [(_point(start1), _point(end1)), (_point(start2), _point(end2))]
        await self.on.device.touch.strokes(ways, steps * STEP_NS)
        return True

    async def pinch_in(self, target: Any, percent: int, steps: int) -> bool:
        await gestures.pinch(self.on, self.one(target).bounds, percent / 100, opening=False)
        return True

    async def pinch_out(self, target: Any, percent: int, steps: int) -> bool:
        await gestures.pinch(self.on, self.one(target).bounds, percent / 100, opening=True)
        return True

    # -- scrolling ---------------------------------------------------------------------------------------------

    async def scroll_forward(self, target: Any, vertical: bool, steps: int = 0) -> bool:
        return await self._scroll(self.one(target).bounds, _forward(vertical))

    async def scroll_backward(self, target: Any, vertical: bool, steps: int = 0) -> bool:
        return await self._scroll(self.one(target).bounds, _backward(vertical))

    async def scroll_to_end(self, target: Any, vertical: bool, most: int, steps: int = 0) -> bool:
        return await self._to_the_end(target, _forward(vertical), most)

    async def scroll_to_beginning(self, target: Any, vertical: bool, most: int, steps: int = 0) -> bool:
        return await self._to_the_end(target, _backward(vertical), most)

    async def scroll_to(self, target: Any, wanted: Any, vertical: bool) -> bool:
        """From the beginning on, until the wanted view is there (UiScrollable.scrollIntoView)."""
        if self.all(wanted):
            return True
        await self._to_the_end(target, _backward(vertical), TO_THE_END)
        for _ in range(TO_THE_END):
            if self.all(wanted):
                return True
            if not await self._scroll(self.one(target).bounds, _forward(vertical)):
                break
        return bool(self.all(wanted))

    async def fling_forward(self, target: Any, vertical: bool) -> bool:
        return await gestures.fling(self.on, self.one(target).bounds, _forward(vertical))

    async def fling_backward(self, target: Any, vertical: bool) -> bool:
        return await gestures.fling(self.on, self.one(target).bounds, _backward(vertical))

    async def fling_to_end(self, target: Any, vertical: bool, most: int) -> bool:
        return await self._to_the_end(target, _forward(vertical), most, gestures.fling)

    async def fling_to_beginning(self, target: Any, vertical: bool, most: int) -> bool:
        return await self._to_the_end(target, _backward(vertical), most, gestures.fling)

    async def _scroll(self, area: Bounds, direction: str) -> bool:
        return await gestures.scroll(self.on, area, direction, 1.0)

    async def _to_the_end(self, target: Any, direction: str, most: int, stroke: Stroke | None = None) -> bool:
        for _ in range(most):
            area = self.one(target).bounds
            if not await (stroke(self.on, area, direction) if stroke else self._scroll(area, direction)):
                return True
        return False


Stroke = Callable[[Automation, Bounds, str], Awaitable[bool]]


def _forward(vertical: bool) -> str:
    return "down" if vertical else "right"


def _backward(vertical: bool) -> str:
    return "up" if vertical else "left"


def _rectangle(bounds: Bounds) -> Mapping[str, int]:
    return {"bottom": bounds.bottom, "left": bounds.left, "right": bounds.right, "top": bounds.top}


def _place(bounds: Bounds, corner: str) -> tuple[int, int]:
    """The middle, or a little inside a corner (UiObject.clickTopLeft, clickBottomRight)."""
    if corner == "br":
        return bounds.right - 5, bounds.bottom - 5
    return (bounds.left + 5, bounds.top + 5) if corner == "tl" else bounds.center


def _point(point: Point) -> tuple[int, int]:
    return round(point["x"]), round(point["y"])
