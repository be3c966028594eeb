"""The actions command: fingers and keys, tick by tick in device time (recommendation, section 15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from framework.virtual.ui.screen import KEYCODE_DEL, KEYCODE_ENTER
from framework.virtual.ui.w3c.call import Call, argument, number
from framework.virtual.ui.w3c.errors import W3cError
from framework.virtual.ui.w3c.session import ELEMENT_KEY
from framework.virtual.ui.w3c.window import press

TOUCH_SLOP_DP = 8
"""How far a finger may move and still tap (android.view.ViewConfiguration.TOUCH_SLOP)."""

_SPECIAL_KEYS = {"\ue003": KEYCODE_DEL, "\ue006": KEYCODE_ENTER, "\ue007": KEYCODE_ENTER}


@dataclass(slots=True)
class _Finger:
    """A pointer: where it is, and where it came down, if it is down."""

    at: tuple[int, int] = (0, 0)
    down: tuple[int, int] | None = None


@dataclass(slots=True)
class _Source:
    kind: str
    steps: Sequence[Mapping[str, Any]]
    finger: _Finger = field(default_factory=_Finger)


async def perform(call: Call) -> object:
    sources = [_source(each) for each in call.argument("actions", list)]
    for tick in zip_longest(*(source.steps for source in sources)):
        duration_ms = 0.0
        for source, step in zip(sources, tick, strict=True):
            if step is not None:
                _act(call, source, step)
                duration_ms = max(duration_ms, number(step, "duration", 0))
        if duration_ms > 0:
            await call.session.device.clock.sleep(int(duration_ms * 1_000_000))
    return None


async def release(call: Call) -> object:
    """No finger stays down between two commands."""
    return None


def _source(raw: object) -> _Source:
    if not isinstance(raw, dict):
        raise W3cError("invalid argument", f"an input source must be an object, not {raw!r}")
    steps = argument(raw, "actions", list)
    if not all(isinstance(step, dict) for step in steps):
        raise W3cError("invalid argument", "each action must be an object")
    return _Source(argument(raw, "type", str), steps)


def _act(call: Call, source: _Source, step: Mapping[str, Any]) -> None:
    match source.kind, argument(step, "type", str):
        case _, "pause":
            return
        case "pointer", "pointerMove":
            source.finger.at = _target(call, source.finger, step)
        case "pointer", "pointerDown":
            source.finger.down = source.finger.at
        case "pointer", "pointerUp":
            _lift(call, source.finger)
        case "key", "keyDown":
            _key(call, argument(step, "value", str))
        case "key", "keyUp":
            return
        case kind, action:
            raise W3cError("invalid argument", f"input source {kind!r} has no action {action!r}")


def _target(call: Call, finger: _Finger, step: Mapping[str, Any]) -> tuple[int, int]:
    x, y, origin = round(number(step, "x")), round(number(step, "y")), step.get("origin", "viewport")
    if isinstance(origin, dict):
        center = call.session.element(str(origin.get(ELEMENT_KEY))).bounds.center
        x, y = center[0] + x, center[1] + y
    elif origin == "pointer":
        x, y = finger.at[0] + x, finger.at[1] + y
    width, height = call.screen.size
    if not (0 <= x < width and 0 <= y < height):
        raise W3cError("move target out of bounds", f"({x}, {y}) is not on the screen of {width}x{height}")
    return x, y


def _lift(call: Call, finger: _Finger) -> None:
    down, finger.down = finger.down, None
    if down is None:
        return
    slop = call.screen.display.px(TOUCH_SLOP_DP)
    if max(abs(down[0] - finger.at[0]), abs(down[1] - finger.at[1])) <= slop:
        call.screen.tap(*down)
    else:
        call.screen.swipe(down, finger.at)


def _key(call: Call, value: str) -> None:
    if value in _SPECIAL_KEYS:
        press(call, _SPECIAL_KEYS[value])
    else:
        call.screen.type(value)
