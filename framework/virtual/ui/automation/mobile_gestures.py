"""The gestures of Appium's `mobile:` commands, by name, with their options: the middle of an element or a place in it,
an area by its element or its sides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from framework.virtual.ui.automation import Automation, gestures
from framework.virtual.ui.automation.arguments import argument, number
from framework.virtual.ui.touch import Point
from framework.virtual.ui.tree import Bounds

Arguments = Mapping[str, Any]
Command = Callable[[Automation, Arguments], Awaitable[object]]


async def _click(on: Automation, options: Arguments) -> object:
    await gestures.click(on, _point(on, options))
    return None


async def _double_click(on: Automation, options: Arguments) -> object:
    await gestures.double_click(on, _point(on, options))
    return None


async def _long_click(on: Automation, options: Arguments) -> object:
    duration_ms = number(options, "duration", gestures.LONG_CLICK_MS)
    await gestures.long_click(on, _point(on, options), duration_ms)
    return None


async def _drag(on: Automation, options: Arguments) -> object:
    start = _point(on, options, "startX", "startY")
    end = round(number(options, "endX")), round(number(options, "endY"))
    await gestures.drag(on, start, end, _speed(options))
    return None


async def _swipe(on: Automation, options: Arguments) -> object:
    direction, percent = argument(options, "direction", str), number(options, "percent")
    await gestures.swipe(on, _area(on, options), direction, percent, _speed(options))
    return None


async def _scroll(on: Automation, options: Arguments) -> object:
    direction, percent = argument(options, "direction", str), number(options, "percent")
    return await gestures.scroll(on, _area(on, options), direction, percent, _speed(options))


async def _fling(on: Automation, options: Arguments) -> object:
    return await gestures.fling(on, _area(on, options), argument(options, "direction", str), _speed(options))


async def _pinch(on: Automation, options: Arguments, *, opening: bool) -> object:
    await gestures.pinch(on, _area(on, options), number(options, "percent"), _speed(options), opening=opening)
    return None


def _point(on: Automation, options: Arguments, x_name: str = "x", y_name: str = "y") -> Point:
    """At `x`, `y`; in an element counted from its corner, without them in its middle."""
    reference = options.get("elementId")
    if reference is None:
        return round(number(options, x_name)), round(number(options, y_name))
    bounds = on.element(str(reference)).bounds
    x = bounds.left + number(options, x_name, bounds.width // 2)
    return round(x), round(bounds.top + number(options, y_name, bounds.height // 2))


def _area(on: Automation, options: Arguments) -> Bounds:
    if (reference := options.get("elementId")) is not None:
        return on.element(str(reference)).bounds
    left, top, width, height = (round(number(options, side)) for side in ("left", "top", "width", "height"))
    return Bounds(left, top, left + width, top + height)


def _speed(options: Arguments) -> float | None:
    return number(options, "speed") if "speed" in options else None


GESTURES: Mapping[str, Command] = {
    "clickGesture": _click,
    "doubleClickGesture": _double_click,
    "longClickGesture": _long_click,
    "dragGesture": _drag,
    "swipeGesture": _swipe,
    "scrollGesture": _scroll,
    "flingGesture": _fling,
    "pinchOpenGesture": partial(_pinch, opening=True),
    "pinchCloseGesture": partial(_pinch, opening=False),
}
