"""The node tree as XML: what `uiautomator dump` writes, and the page source of Appium's UiAutomator2 server.

Attributes as in AOSP's `AccessibilityNodeInfoDumper.java` and the class of that name in appium-uiautomator2-server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.ui.tree import Display, Node

if TYPE_CHECKING:
    from lxml.etree import _Element

KEY = "{pocketfarm}key"
"""The attribute that leads from an element back to its node; it is not written out."""


def dump_xml(root: Node, package: str, focus: str | None, rotation: int = 0) -> str:
    """As `uiautomator dump` writes it: every element is a `node`."""
    from lxml import etree

    hierarchy = etree.Element("hierarchy", rotation=str(rotation))
    _append(hierarchy, root, 0, package, focus, tag="node")
    return _written(hierarchy)


def source_tree(root: Node, package: str, focus: str | None, display: Display) -> _Element:
    """As Appium's page source: elements are named by their class. Attribute `KEY` holds each node's key."""
    from lxml import etree

    size = {"width": str(display.width), "height": str(display.height)}
    turned = {"rotation": str(display.rotation)}
    hierarchy = etree.Element("hierarchy", {"index": "0", "class": "hierarchy", **turned, **size})
    _append(hierarchy, root, 0, package, focus, tag=None)
    return hierarchy


def source_xml(hierarchy: _Element) -> str:
    from copy import deepcopy

    from lxml import etree

    bare = deepcopy(hierarchy)
    for element in bare.iter():
        if KEY in element.attrib:
            del element.attrib[KEY]
    etree.cleanup_namespaces(bare)
    return _written(bare)


def attributes(node: Node, index: int, package: str, focus: str | None) -> dict[str, str]:
    """The attributes of one node in AOSP's dump, in its order."""
    flags = {
        "checkable": node.checkable,
        "checked": node.checked,
        "clickable": node.clickable,
        "enabled": node.enabled,
        "focusable": node.focusable,
        "focused": node.key == focus,
        "scrollable": node.scrollable,
        "long-clickable": node.long_clickable,
        "password": node.password,
        "selected": node.selected,
    }
    return {
        "index": str(index),
        "text": node.text or node.hint,
        "resource-id": node.resource_id,
        "class": node.class_name,
        "package": package,
        "content-desc": node.content_desc,
        **{name: str(value).lower() for name, value in flags.items()},
        "bounds": str(node.bounds),
    }


def appium_attributes(node: Node, index: int, package: str, focus: str | None) -> dict[str, str]:
    """Those, and what Appium's source has beside them; whatever is in the tree is displayed."""
    hint = {"hint": node.hint} if node.hint else {}
    return attributes(node, index, package, focus) | hint | {"displayed": "true"}


def _append(parent: _Element, node: Node, index: int, package: str, focus: str | None, *, tag: str | None) -> None:
    """Add `node` and all below it, as elements of name `tag`, or in Appium's form without it."""
    from lxml import etree

    describe = attributes if tag else appium_attributes
    found = {name: _printable(value) for name, value in describe(node, index, package, focus).items()}
    element = etree.SubElement(parent, tag or node.class_name, found)
    if tag is None:
        element.set(KEY, node.key)
    for position, child in enumerate(node.children):
        _append(element, child, position, package, focus, tag=tag)


def _printable(text: str) -> str:
    """XML 1.0 has no control characters: like the dumper, put a question mark in their place."""
    return "".join(character if _allowed(ord(character)) else "?" for character in text)


def _allowed(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _written(root: _Element) -> str:
    from lxml import etree

    body = etree.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>{body}"
