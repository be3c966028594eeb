"""Gestures by name, as androidx.test.uiautomator.UiObject2 and Appium's GestureController perform them.

Speeds are in pixels a second of device time; without one, the density of the display times a constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import Final

from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.touch import Point
from framework.virtual.ui.tree import BASELINE_DPI, Bounds, Node

MARGIN: Final = 0.1
"""Part of an area at its edges that gestures keep off (UiObject2.DEFAULT_GESTURE_MARGIN_PERCENT)."""

DRAG_DP_S, PINCH_DP_S, SWIPE_DP_S, SCROLL_DP_S, FLING_DP_S = 2500, 2500, 5000, 5000, 7500
FLING_MIN_DP_S = 50
LONG_CLICK_MS = 500
DOUBLE_CLICK_PAUSE_NS = 40_000_000
FLING_SCREENS = 4
"""How many times its own height a list goes on by itself after a fling at the usual speed."""

_DIRECTIONS: Final = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


async def click(on: Automation, at: Point) -> None:
    await on.device.touch.press(at)


async def double_click(on: Automation, at: Point) -> None:
    await on.device.touch.press(at)
    await on.device.clock.sleep(DOUBLE_CLICK_PAUSE_NS)
    await on.device.touch.press(at)


async def long_click(on: Automation, at: Point, duration_ms: float = LONG_CLICK_MS) -> None:
    await on.device.touch.press(at, int(_positive("duration", duration_ms) * 1_000_000))


async def drag(on: Automation, start: Point, end: Point, speed: float | None = None) -> None:
    """Held until what is there can be dragged, then moved."""
    duration_ns = _duration_ns(on, [(start, end)], speed, DRAG_DP_S)
    await on.device.touch.strokes([(start, end)], duration_ns, hold_ns=LONG_CLICK_MS * 1_000_000)


async def swipe(on: Automation, area: Bounds, direction: str, percent: float, speed: float | None = None) -> None:
    """The finger moves in `direction` by that share of the area (0 to 1)."""
    way = _way(area, direction, percent)
    await on.device.touch.strokes([way], _duration_ns(on, [way], speed, SWIPE_DP_S))


async def scroll(on: Automation, area: Bounds, direction: str, percent: float, speed: float | None = None) -> bool:
    """Show what lies in `direction` by that share of the area; whether there is more that way."""
    way = _reversed(_way(area, direction, percent))
    await on.device.touch.strokes([way], _duration_ns(on, [way], speed, SCROLL_DP_S))
    return can_scroll(on, area, direction)


async def fling(on: Automation, area: Bounds, direction: str, speed: float | None = None) -> bool:
    """A quick stroke, after which the content goes on by itself; whether there is more that way."""
    density = on.screen.display.density / BASELINE_DPI
    if speed is not None and speed < FLING_MIN_DP_S * density:
        raise AutomationError("invalid argument", f"speed must be at least {round(FLING_MIN_DP_S * density)}")
    way = _reversed(_way(area, direction, 1.0))
    await on.device.touch.strokes([way], _duration_ns(on, [way], speed, FLING_DP_S))
    share = (speed or FLING_DP_S * density) / (FLING_DP_S * density)
    (x, y), (to_x, to_y) = way
    far = (x + round((to_x - x) * FLING_SCREENS * share), y + round((to_y - y) * FLING_SCREENS * share))
    on.screen.swipe(way[0], far)
    return can_scroll(on, area, direction)


async def pinch(on: Automation, area: Bounds, percent: float, speed: float | None = None, *, opening: bool) -> None:
    """Two fingers on the diagonal, apart or together, by that share of the area."""
    inner = _inner(area)
    (x, y), share = inner.center, _share(percent)
    reach = (round(inner.width / 2 * share), round(inner.height / 2 * share))
    ways = [((x + sx, y - sx), (x + sx * reach[0], y - sx * reach[1])) for sx in (1, -1)]
    ways = ways if opening else [_reversed(way) for way in ways]
    await on.device.touch.strokes(ways, _duration_ns(on, ways, speed, PINCH_DP_S))


def can_scroll(on: Automation, area: Bounds, direction: str) -> bool:
    """Whether what scrolls in the middle of the area hides something in `direction`."""
    dx, dy = _direction(direction)
    node = _scrollable(on.screen.tree(), area.center)
    return node is not None and dx == 0 and (node.below if dy > 0 else node.above) > 0


def _scrollable(root: Node, at: Point) -> Node | None:
    return next((node for node in reversed(root.path_to(*at)) if node.scrollable), None)


def _way(area: Bounds, direction: str, percent: float) -> tuple[Point, Point]:
    """The stroke through the middle of an area that has that direction and that share of its size."""
    dx, dy = _direction(direction)
    inner = _inner(area)
    (x, y), share = inner.center, _share(percent)
    half_x, half_y = round(inner.width / 2 * share) * dx, round(inner.height / 2 * share) * dy
    return (x - half_x, y - half_y), (x + half_x, y + half_y)


def _reversed(way: tuple[Point, Point]) -> tuple[Point, Point]:
    return way[1], way[0]


def _inner(area: Bounds) -> Bounds:
    return area.inset(round(area.width * MARGIN), round(area.height * MARGIN))


def _direction(direction: str) -> Point:
    if direction.lower() not in _DIRECTIONS:
        raise AutomationError("invalid argument", f"direction must be up, down, left or right, not {direction!r}")
    return _DIRECTIONS[direction.lower()]


def _share(percent: float) -> float:
    if not 0 < percent <= 1:
        raise AutomationError("invalid argument", f"percent must be above 0 and at most 1, not {percent}")
    return percent


def _positive(name: str, value: float) -> float:
    if value < 0:
        raise AutomationError("invalid argument", f"{name} must not be negative, not {value}")
    return value


def _duration_ns(on: Automation, ways: Sequence[tuple[Point, Point]], speed: float | None, dp_s: int) -> int:
    if speed is not None and speed <= 0:
        raise AutomationError("invalid argument", f"speed must be above 0, not {speed}")
    pixels_s = speed or dp_s * on.screen.display.density / BASELINE_DPI
    longest = max(hypot(end[0] - start[0], end[1] - start[1]) for start, end in ways)
    return max(1, int(longest / pixels_s * 1e9))
