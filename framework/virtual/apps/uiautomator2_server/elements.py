"""Handlers that find views and act on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framework.virtual.apps.uiautomator2_server.call import Call
from framework.virtual.ui.automation import AutomationError, elements, find, scrolling
from framework.virtual.ui.automation.client import ELEMENT_KEY
from framework.virtual.ui.automation.mobile_gestures import GESTURES


async def find_one(call: Call) -> object:
    return call.reference(await find.find_one(call.on, *_wanted(call)))


async def find_all(call: Call) -> object:
    return [call.reference(node) for node in await find.find_all(call.on, *_wanted(call))]


def _wanted(call: Call) -> tuple[str, str, str | None]:
    context = call.body.get("context")
    return call.argument("strategy", str), call.argument("selector", str), str(context) if context else None


def send_keys(call: Call) -> object:
    """Into the element that the path names, or the one that has the focus."""
    node = call.element if "element" in call.params else elements.active(call.on)
    elements.set_text(call.on, node, call.argument("text", str), replace=call.body.get("replace") is True)
    return None


def size(call: Call) -> object:
    bounds = call.element.bounds
    return {"width": bounds.width, "height": bounds.height}


def location(call: Call) -> object:
    bounds = call.element.bounds
    return {"x": bounds.left, "y": bounds.top}


def first_visible(call: Call) -> object:
    children = call.element.children
    if not children:
        raise AutomationError("no such element", "the element has nothing in it")
    return call.reference(children[0])


async def gesture(call: Call, name: str) -> object:
    """The gesture of that name of Appium's `mobile:` commands."""
    return await GESTURES[name](call.on, parts(call.body))


def parts(body: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a gesture, which come in parts here: `origin`, `offset`, `start`, `end`, `area`."""
    options = {key: value for key, value in body.items() if value is not None}
    origin = options.pop("origin", None)
    if isinstance(origin, dict):
        options["elementId"] = origin.get(ELEMENT_KEY, origin.get("ELEMENT"))
    for part, names in _PARTS.items():
        fields = options.pop(part, {})
        options |= {name: fields[field] for field, name in names.items() if field in fields}
    return options


_PARTS = {
    "offset": {"x": "x", "y": "y"},
    "start": {"x": "startX", "y": "startY"},
    "end": {"x": "endX", "y": "endY"},
    "area": {side: side for side in ("left", "top", "width", "height")},
}


async def scroll_to(call: Call) -> object:
    """Scroll a list, the first one if none is named, until a view is shown that matches (ScrollTo.java)."""
    wanted, origin = call.argument("params", dict), call.body.get("origin")
    container = call.on.element(str(origin.get(ELEMENT_KEY))) if isinstance(origin, dict) else None
    await scrolling.scroll_to(call.on, container, wanted)
    return None


def scroll_to_element(call: Call) -> object:
    """A view that can be named is on the screen; one that has gone is stale."""
    for name in ("element", "other"):
        call.on.element(call.params[name])
    return None
