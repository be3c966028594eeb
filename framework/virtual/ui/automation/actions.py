"""The actions command: fingers and keys, tick by tick in device time (W3C WebDriver, section 15)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from framework.virtual.android.keys import META_SHIFT_ON
from framework.virtual.ui.automation.arguments import argument, number
from framework.virtual.ui.automation.client import ELEMENT_KEY, Automation
from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.automation.window import press
from framework.virtual.ui.touch import Point

SHIFTS = ("\ue008", "\ue050")
SPECIAL_KEYS: Mapping[str, int] = {
    "\ue003": 67,
    "\ue004": 61,
    "\ue006": 66,
    "\ue007": 66,
    "\ue00c": 111,
    "\ue00d": 62,
    "\ue012": 21,
    "\ue013": 19,
    "\ue014": 22,
    "\ue015": 20,
    "\ue017": 112,
}
"""W3C's private characters (section 17.4.2) and the key codes of android.view.KeyEvent."""


@dataclass(slots=True)
class _Source:
    """One input source; `at` is where its pointer is, `pressed` the modifiers that are down."""

    kind: str
    id: Hashable
    steps: Sequence[Mapping[str, Any]]
    at: Point = (0, 0)
    pressed: set[str] = field(default_factory=set)


_Glide = tuple[Hashable, Point, Point]


async def perform(on: Automation, sources: Sequence[object]) -> None:
    """Play the sources side by side; a tick lasts as long as the longest of its pauses and moves."""
    read = [_source(each, number) for number, each in enumerate(sources)]
    for tick in zip_longest(*(source.steps for source in read)):
        glides: list[_Glide] = []
        duration_ms = 0.0
        for source, step in zip(read, tick, strict=True):
            if step is not None:
                duration_ms = max(duration_ms, number(step, "duration", 0))
                glides += _act(on, source, step)
        await _pass(on, glides, int(duration_ms * 1_000_000))


def release(on: Automation) -> None:
    """Every finger that is still down leaves, without a tap."""
    on.device.touch.cancel()


async def _pass(on: Automation, glides: Sequence[_Glide], duration_ns: int) -> None:
    if duration_ns > 0 and glides:
        await on.device.touch.glide(glides, duration_ns)
    elif duration_ns > 0:
        await on.device.clock.sleep(duration_ns)
    else:
        for pointer, _, end in glides:
            on.device.touch.move(pointer, end)


def _source(raw: object, position: int) -> _Source:
    if not isinstance(raw, dict):
        raise AutomationError("invalid argument", f"an input source must be an object, not {raw!r}")
    steps = argument(raw, "actions", list)
    if not all(isinstance(step, dict) for step in steps):
        raise AutomationError("invalid argument", "each action must be an object")
    return _Source(argument(raw, "type", str), str(raw.get("id", position)), steps)


def _act(on: Automation, source: _Source, step: Mapping[str, Any]) -> Sequence[_Glide]:
    """Do at once what takes no time; the moves that a finger is to make."""
    match source.kind, argument(step, "type", str):
        case _, "pause":
            pass
        case "pointer", "pointerMove":
            before, source.at = source.at, _target(on, source, step)
            return [(source.id, before, source.at)] if on.device.touch.is_down(source.id) else []
        case "pointer", "pointerDown":
            on.device.touch.down(source.id, source.at)
        case "pointer", "pointerUp":
            on.device.touch.up(source.id)
        case "pointer", "pointerCancel":
            on.device.touch.cancel()
        case "key", ("keyDown" | "keyUp") as action:
            _key(on, source, argument(step, "value", str), down=action == "keyDown")
        case kind, action:
            raise AutomationError("invalid argument", f"input source {kind!r} has no action {action!r}")
    return []


def _target(on: Automation, source: _Source, step: Mapping[str, Any]) -> Point:
    x, y, origin = round(number(step, "x")), round(number(step, "y")), step.get("origin", "viewport")
    if isinstance(origin, dict):
        center = on.element(str(origin.get(ELEMENT_KEY, origin.get("ELEMENT")))).bounds.center
        x, y = center[0] + x, center[1] + y
    elif origin == "pointer":
        x, y = source.at[0] + x, source.at[1] + y
    width, height = on.screen.size
    if not (0 <= x < width and 0 <= y < height):
        raise AutomationError("move target out of bounds", f"({x}, {y}) is not on the screen of {width}x{height}")
    return x, y


def _key(on: Automation, source: _Source, value: str, *, down: bool) -> None:
    """A key does something when it goes down; a modifier for as long as it is."""
    if value in SHIFTS:
        (source.pressed.add if down else source.pressed.discard)(value)
    elif down and value in SPECIAL_KEYS:
        press(on, SPECIAL_KEYS[value], META_SHIFT_ON if source.pressed else 0)
    elif down:
        on.screen.type(value.upper() if source.pressed else value)
