"""Gestures by name and the actions command: what really lies under the fingers is moved, tapped and held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from framework.virtual.ui.automation import Automation, AutomationError, actions, gestures
from framework.virtual.ui.tree import Bounds

if TYPE_CHECKING:
    from conftest import Rows, WithRows

AREA = Bounds(0, 300, 1080, 2300)


def test_clicks_of_all_kinds(with_rows: WithRows) -> None:
    """One, two, and one that is held; a pinch clicks nothing."""

    async def script(on: Automation, rows: Rows) -> list[str]:
        await gestures.click(on, (500, 400))
        await gestures.double_click(on, (500, 600))
        await gestures.long_click(on, (500, 800))
        await gestures.pinch(on, AREA, 0.5, opening=True)
        await gestures.pinch(on, AREA, 0.5, opening=False)
        return rows.events

    assert with_rows(script) == ["click 0", "click 1", "click 1", "hold 2"]


def test_a_scroll_moves_the_list_as_far_as_the_finger(with_rows: WithRows) -> None:
    """By its share of the area within the margins; a swipe the other way; and whether there is more."""

    async def script(on: Automation, rows: Rows) -> list[Any]:
        more = await gestures.scroll(on, AREA, "down", 0.5)
        down = rows.offset
        await gestures.swipe(on, AREA, "down", 0.5)
        up = rows.offset
        flung = await gestures.fling(on, AREA, "down")
        far = rows.offset
        while await gestures.fling(on, AREA, "down"):
            pass
        await gestures.drag(on, (500, 1000), (500, 1300))
        return [more, down, up, flung, far > 3 * down, await gestures.scroll(on, AREA, "down", 1.0)]

    assert with_rows(script) == [True, 800, 0, True, True, False]


def test_a_gesture_takes_device_time(with_rows: WithRows) -> None:
    """By its speed: 800 pixels at 1000 a second."""

    async def script(on: Automation, rows: Rows) -> int:
        begun_ns = on.device.clock.now_ns()
        await gestures.scroll(on, AREA, "down", 0.5, 1000)
        return on.device.clock.now_ns() - begun_ns

    assert with_rows(script) >= 800_000_000


def test_nonsense_is_refused(with_rows: WithRows) -> None:
    """As an invalid argument."""

    async def script(on: Automation, rows: Rows) -> None:
        for direction, percent in (("sideways", 0.5), ("up", 0.0), ("up", 1.5)):
            with pytest.raises(AutomationError, match="invalid argument"):
                await gestures.scroll(on, AREA, direction, percent)

    with_rows(script)


def finger(name: str, *steps: dict[str, Any]) -> dict[str, Any]:
    return {"type": "pointer", "id": name, "parameters": {"pointerType": "touch"}, "actions": list(steps)}


def to(x: int, y: int, duration: int = 0) -> dict[str, Any]:
    return {"type": "pointerMove", "x": x, "y": y, "duration": duration, "origin": "viewport"}


DOWN, UP = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}


def pause(duration: int) -> dict[str, Any]:
    return {"type": "pause", "duration": duration}


def test_one_finger(with_rows: WithRows) -> None:
    """A tap, a long press, a drag; the list follows while the finger moves."""

    async def script(on: Automation, rows: Rows) -> tuple[list[str], int, int]:
        await actions.perform(on, [finger("a", to(500, 400), DOWN, pause(50), UP)])
        await actions.perform(on, [finger("a", to(500, 400), DOWN, pause(600), UP)])
        await actions.perform(on, [finger("a", to(500, 1500), DOWN, to(500, 1100, 300))])
        under_way = rows.offset
        await actions.perform(on, [finger("a", to(500, 1100), to(500, 1000), UP)])
        return rows.events, under_way, rows.offset

    events, under_way, after = with_rows(script)
    assert events == ["click 0", "hold 0"]
    assert (under_way, after) == (400, 500)


def test_two_fingers_and_none(with_rows: WithRows) -> None:
    """Two neither tap nor scroll; those that were left are lifted without a tap."""

    async def script(on: Automation, rows: Rows) -> tuple[list[str], int]:
        one = finger("a", to(400, 900), DOWN, to(400, 600, 200), UP)
        two = finger("b", to(600, 900), DOWN, to(600, 1200, 200), UP)
        await actions.perform(on, [one, two])
        await actions.perform(on, [finger("a", to(500, 400), DOWN)])
        actions.release(on)
        return rows.events, rows.offset

    assert with_rows(script) == ([], 0)


def test_keys_and_their_modifier(with_rows: WithRows) -> None:
    """Characters as they are, capital under Shift, and those that stand for keys."""

    async def script(on: Automation, rows: Rows) -> str:
        await gestures.click(on, (500, 200))
        keys = [("keyDown", "a"), ("keyUp", "a"), ("keyDown", "\ue008"), ("keyDown", "b"), ("keyUp", "\ue008")]
        keys += [("keyDown", "c"), ("keyDown", "d"), ("keyDown", "\ue003")]
        steps = [{"type": kind, "value": value} for kind, value in keys]
        await actions.perform(on, [{"type": "key", "id": "keyboard", "actions": steps}])
        return rows.text

    assert with_rows(script) == "aBc"
