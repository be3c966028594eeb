"""Finding views: the locator strategies of Appium's UiAutomator2 driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from framework.virtual.ui import hierarchy
from framework.virtual.ui.tree import Node
from framework.virtual.ui.w3c import uiselector
from framework.virtual.ui.w3c.errors import W3cError

if TYPE_CHECKING:
    from lxml.etree import _Element

    from framework.virtual.ui.screen import Screen

POLL_NS = 50_000_000
"""Device time between two looks while an implicit wait lasts."""

Strategy = Callable[["Screen", Node, str], Sequence[Node]]


def find(screen: Screen, strategy: str, selector: str, below: Node | None) -> Sequence[Node]:
    """The views that match, in the order of the tree: on the whole screen, or below a view (itself left out)."""
    if strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        raise W3cError("invalid selector", f"locator strategy {strategy!r} is not supported; there are: {known}")
    found = STRATEGIES[strategy](screen, below or screen.tree(), selector)
    return found if below is None else [node for node in found if node is not below]


def _by_id(screen: Screen, root: Node, selector: str) -> Sequence[Node]:
    """Appium completes an id without package by the package in front."""
    package = screen.foreground.package if screen.foreground is not None else ""
    wanted = {selector} if ":id/" in selector else {selector, f"{package}:id/{selector}"}
    return [node for node in root.walk() if node.resource_id in wanted]


def _by_description(screen: Screen, root: Node, selector: str) -> Sequence[Node]:
    return [node for node in root.walk() if node.content_desc == selector]


def _by_class(screen: Screen, root: Node, selector: str) -> Sequence[Node]:
    return [node for node in root.walk() if node.class_name == selector]


def _by_selector(screen: Screen, root: Node, selector: str) -> Sequence[Node]:
    package = screen.foreground.package if screen.foreground is not None else ""
    return list(uiselector.parse(selector).find(root, uiselector.Scene(package, screen.focus)))


def _by_xpath(screen: Screen, root: Node, selector: str) -> Sequence[Node]:
    """Over the page source; below a view, `root` is the context node, as in `./*`."""
    from lxml import etree

    source = screen.source()
    context = source if root is screen.tree() else _element_of(source, root)
    try:
        found = context.xpath(selector)
    except (etree.XPathError, ValueError) as error:
        raise W3cError("invalid selector", f"xpath {selector!r}: {error}") from error
    if not isinstance(found, list) or not all(etree.iselement(item) for item in found):
        raise W3cError("invalid selector", f"xpath {selector!r} does not select elements")
    by_key = {node.key: node for node in screen.tree().walk()}
    keys = [str(item.get(hierarchy.KEY)) for item in found if etree.iselement(item)]
    return [by_key[key] for key in keys if key in by_key]


def _element_of(source: _Element, node: Node) -> _Element:
    return next(element for element in source.iter() if element.get(hierarchy.KEY) == node.key)


STRATEGIES: Mapping[str, Strategy] = {
    "id": _by_id,
    "accessibility id": _by_description,
    "class name": _by_class,
    "xpath": _by_xpath,
    "-android uiautomator": _by_selector,
}
