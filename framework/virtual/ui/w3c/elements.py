"""Commands that find views and act on them."""

from __future__ import annotations

from framework.virtual.ui.automation import attributes, elements, find
from framework.virtual.ui.automation import window as screen
from framework.virtual.ui.automation.client import ELEMENT_KEY
from framework.virtual.ui.tree import Node
from framework.virtual.ui.w3c.call import Call


async def find_one(call: Call) -> object:
    using, value = call.argument("using", str), call.argument("value", str)
    return reference(call, await find.find_one(call.on, using, value, call.params.get("element")))


async def find_all(call: Call) -> object:
    using, value = call.argument("using", str), call.argument("value", str)
    return [reference(call, node) for node in await find.find_all(call.on, using, value, call.params.get("element"))]


async def active(call: Call) -> object:
    return reference(call, elements.active(call.on))


def reference(call: Call, node: Node) -> dict[str, str]:
    return {ELEMENT_KEY: call.on.refer_to(node)}


async def click(call: Call) -> object:
    elements.click(call.on, call.element)
    return None


async def clear(call: Call) -> object:
    elements.clear(call.on, call.element)
    return None


async def send_keys(call: Call) -> object:
    elements.set_text(call.on, call.element, call.argument("text", str))
    return None


async def text(call: Call) -> object:
    return elements.text(call.element)


async def attribute(call: Call) -> object:
    return attributes.attribute(call.on, call.element, call.params["name"])


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
    return elements.rect(call.element)


async def location_in_view(call: Call) -> object:
    bounds = call.element.bounds
    return {"x": bounds.left, "y": bounds.top}


async def screenshot(call: Call) -> object:
    return await screen.screenshot(call.on, call.element)
