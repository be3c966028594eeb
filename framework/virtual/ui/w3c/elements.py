"""Commands that find views and act on them."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from framework.virtual.ui import hierarchy
from framework.virtual.ui.screen import KEYCODE_ENTER
from framework.virtual.ui.tree import Node
from framework.virtual.ui.w3c.call import Call
from framework.virtual.ui.w3c.errors import W3cError
from framework.virtual.ui.w3c.find import POLL_NS, find
from framework.virtual.ui.w3c.window import press

_ALIASES = {
    "name": "content-desc",
    "contentDescription": "content-desc",
    "className": "class",
    "resourceId": "resource-id",
    "longClickable": "long-clickable",
}


async def find_one(call: Call) -> object:
    found = await _awaited(call, None)
    return call.session.refer_to(_first(call, found))


async def find_all(call: Call) -> object:
    return [call.session.refer_to(node) for node in await _awaited(call, None)]


async def find_one_below(call: Call) -> object:
    found = await _awaited(call, call.params["element"])
    return call.session.refer_to(_first(call, found))


async def find_all_below(call: Call) -> object:
    return [call.session.refer_to(node) for node in await _awaited(call, call.params["element"])]


async def active(call: Call) -> object:
    node = call.screen.tree().find(call.screen.focus) if call.screen.focus is not None else None
    if node is None:
        raise W3cError("no such element", "no view has the focus")
    return call.session.refer_to(node)


async def click(call: Call) -> object:
    call.screen.tap(*call.element.bounds.center)
    return None


async def clear(call: Call) -> object:
    _focused(call)
    call.screen.replace("")
    return None


async def send_keys(call: Call) -> object:
    """Text into a field, after what is there; a line end at its end is the Enter key."""
    text = call.argument("text", str)
    _focused(call)
    call.screen.type(text.removesuffix("\n"))
    if text.endswith("\n"):
        press(call, KEYCODE_ENTER)
    return None


async def text(call: Call) -> object:
    node = call.element
    return node.text or node.hint


async def attribute(call: Call) -> object:
    name = _ALIASES.get(call.params["name"], call.params["name"])
    package = call.screen.foreground.package if call.screen.foreground is not None else ""
    known = hierarchy.appium_attributes(call.element, 0, package, call.screen.focus)
    if name not in known:
        raise W3cError("invalid argument", f"no attribute {name!r}; there are: {', '.join(known)}")
    return known[name]


async def tag_name(call: Call) -> object:
    return call.element.class_name


async def enabled(call: Call) -> object:
    return call.element.enabled


async def selected(call: Call) -> object:
    return call.element.selected


async def displayed(call: Call) -> object:
    """Whatever is in the tree can be seen."""
    return bool(call.element)


async def rect(call: Call) -> object:
    bounds = call.element.bounds
    return {"x": bounds.left, "y": bounds.top, "width": bounds.width, "height": bounds.height}


async def location_in_view(call: Call) -> object:
    bounds = call.element.bounds
    return {"x": bounds.left, "y": bounds.top}


async def screenshot(call: Call) -> object:
    bounds = call.element.bounds
    return base64.b64encode(await call.screen.capture(bounds)).decode("ascii")


async def _awaited(call: Call, reference: str | None) -> Sequence[Node]:
    """What matches, waited for as long as the implicit wait says."""
    strategy, selector = call.argument("using", str), call.argument("value", str)
    clock = call.session.device.clock
    gives_up_ns = clock.now_ns() + call.session.timeouts.implicit * 1_000_000
    while True:
        below = call.session.element(reference) if reference is not None else None
        found = find(call.screen, strategy, selector, below)
        if found or clock.now_ns() >= gives_up_ns:
            return found
        await clock.sleep(POLL_NS)


def _first(call: Call, found: Sequence[Node]) -> Node:
    if not found:
        wanted = f"{call.body.get('using')} {call.body.get('value')!r}"
        raise W3cError("no such element", f"nothing on the screen matches {wanted}")
    return found[0]


def _focused(call: Call) -> Node:
    """Give the element's view the focus; a W3cError when it takes no text."""
    node = call.element
    if node.on_text is None:
        raise W3cError("invalid element state", f"{node.class_name} {node.resource_id} takes no text")
    if not node.enabled:
        raise W3cError("element not interactable", f"{node.class_name} {node.resource_id} is disabled")
    call.screen.tap(*node.bounds.center)
    return node
