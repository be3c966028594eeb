"""Finding views: the locator strategies of Appium's UiAutomator2 driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from framework.virtual.ui import hierarchy
from framework.virtual.ui.automation import uiexpression, uiscrollable, uiselector
from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.tree import Node

if TYPE_CHECKING:
    from lxml.etree import _Element

POLL_NS = 50_000_000
"""Device time between two looks while an implicit wait lasts."""

Strategy = Callable[[Automation, Node, str], Sequence[Node]]


async def find_one(on: Automation, strategy: str, selector: str, context: str | None = None) -> Node:
    """The first view that matches; an AutomationError "no such element" when the implicit wait has passed."""
    found = await find_all(on, strategy, selector, context)
    if not found:
        raise AutomationError("no such element", f"nothing on the screen matches {strategy} {selector!r}")
    return found[0]


async def find_all(on: Automation, strategy: str, selector: str, context: str | None = None) -> Sequence[Node]:
    """What matches, below the element of id `context` if there is one; waited for as long as the client waits."""
    clock = on.device.clock
    gives_up_ns = clock.now_ns() + on.implicit_ms * 1_000_000
    while True:
        below = on.element(context) if context else None
        found = await find(on, strategy, selector, below)
        if found or clock.now_ns() >= gives_up_ns:
            return found
        await clock.sleep(POLL_NS)


async def find(on: Automation, strategy: str, selector: str, below: Node | None) -> Sequence[Node]:
    """The views that match, in the order of the tree: on the whole screen, or below a view (itself left out)."""
    if strategy == UI_AUTOMATOR:
        found = await _by_selector(on, below or on.screen.tree(), selector)
        return found if below is None else [node for node in found if node is not below]
    if strategy not in STRATEGIES:
        known = ", ".join((*STRATEGIES, UI_AUTOMATOR))
        raise AutomationError("invalid selector", f"locator strategy {strategy!r} is not supported; there are: {known}")
    found = STRATEGIES[strategy](on, below or on.screen.tree(), selector)
    return found if below is None else [node for node in found if node is not below]


def _by_id(on: Automation, root: Node, selector: str) -> Sequence[Node]:
    """Appium completes an id without package by the package in front."""
    wanted = {selector} if ":id/" in selector else {selector, f"{on.package}:id/{selector}"}
    return [node for node in root.walk() if node.resource_id in wanted]


def _by_description(on: Automation, root: Node, selector: str) -> Sequence[Node]:
    return [node for node in root.walk() if node.content_desc == selector]


def _by_class(on: Automation, root: Node, selector: str) -> Sequence[Node]:
    return [node for node in root.walk() if node.class_name == selector]


async def _by_selector(on: Automation, root: Node, text: str) -> Sequence[Node]:
    """The first statement that finds anything counts; one of a UiScrollable scrolls first."""
    for expression in uiexpression.parse(text):
        if expression.constructor.name == "UiScrollable":
            selector = await uiscrollable.resolve(on, expression, text)
            root = on.screen.tree().find(root.key) or on.screen.tree()
        else:
            selector = uiselector.selector_of(expression, text)
        found = list(selector.find(root, uiselector.Scene(on.package, on.screen.focus)))
        if found:
            return found
    return []


def _by_xpath(on: Automation, root: Node, selector: str) -> Sequence[Node]:
    """Over the page source; below a view, `root` is the context node, as in `./*`.

    What is selected and is no element (an attribute, a number) matches nothing, as in the server's XPath engine.
    """
    from lxml import etree

    source = on.screen.source()
    context = source if root is on.screen.tree() else _element_of(source, root)
    try:
        found = context.xpath(selector)
    except (etree.XPathError, ValueError) as error:
        raise AutomationError("invalid selector", f"xpath {selector!r}: {error}") from error
    by_key = {node.key: node for node in on.screen.tree().walk()}
    elements = [item for item in found if etree.iselement(item)] if isinstance(found, list) else []
    keys = [str(element.get(hierarchy.KEY)) for element in elements]
    return [by_key[key] for key in keys if key in by_key]


def _element_of(source: _Element, node: Node) -> _Element:
    return next(element for element in source.iter() if element.get(hierarchy.KEY) == node.key)


UI_AUTOMATOR = "-android uiautomator"
STRATEGIES: Mapping[str, Strategy] = {
    "id": _by_id,
    "accessibility id": _by_description,
    "class name": _by_class,
    "xpath": _by_xpath,
}
