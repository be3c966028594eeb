"""The node tree as XML: what `uiautomator dump` writes, and the page source of Appium's UiAutomator2 server.

Attributes as in AOSP's `AccessibilityNodeInfoDumper.java` and appium-uiautomator2-server's `UiElementSnapshot.java`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framework.virtual.ui.tree import Display, Node

if TYPE_CHECKING:
    from lxml.etree import _Element

KEY = "{pocketfarm}key"
"""The attribute that leads from an element back to its node; it is not written out."""


_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
_FLAGS_FIRST = (
    "checkable",
    "checked",
    "clickable",
    "enabled",
    "focusable",
    "focused",
    "long-clickable",
    "password",
    "scrollable",
)
_NEVER = {
    "text-entry-key": "false",
    "dismissable": "false",
    "a11y-focused": "false",
    "heading": "false",
    "live-region": "0",
    "context-clickable": "false",
    "content-invalid": "false",
}
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_TEXT_INPUT, _PASSWORD_INPUT = "1", "129"
"""android.text.InputType.TYPE_CLASS_TEXT, with TYPE_TEXT_VARIATION_PASSWORD"""


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
    body = etree.tostring(bare, encoding="unicode", pretty_print=True)
    return (_DECLARATION + body).replace("\n", "\r\n")  # as Android's serializer indents


def attributes(node: Node, index: int, package: str, focus: str | None) -> dict[str, str]:
    """The attributes of one node in AOSP's dump, in its order."""
    return {
        "index": str(index),
        "text": node.said,
        "resource-id": node.resource_id,
        "class": node.class_name,
        "package": package,
        "content-desc": node.content_desc,
        **{name: str(value).lower() for name, value in _flags(node, focus).items()},
        "bounds": str(node.bounds),
    }


def appium_attributes(node: Node, index: int, package: str, focus: str | None) -> dict[str, str]:
    """The attributes of one node in Appium's page source, in its order; whatever is in the tree is displayed."""
    flags = {name: str(value).lower() for name, value in _flags(node, focus).items()}
    written = node.on_text is not None
    known = {"index": str(index), "package": package, "class": node.class_name, "text": node.said}
    known |= {"content-desc": node.content_desc} if node.content_desc else {}
    known |= {"resource-id": node.resource_id} if node.resource_id else {}
    known |= {name: flags[name] for name in _FLAGS_FIRST}
    if written and node.key == focus:
        end = str(len(node.text))
        known |= {"selection-start": end, "selection-end": end}
    known |= {"selected": flags["selected"], "bounds": str(node.bounds), "displayed": "true"}
    known |= {"hint": node.hint} if node.hint else {}
    known |= {"a11y-important": "true", "screen-reader-focusable": "false"}
    known |= {"input-type": _PASSWORD_INPUT if node.password else _TEXT_INPUT} if written else {}
    known |= {"drawing-order": str(index + 1), "showing-hint": str(bool(node.hint and not node.text)).lower()}
    return known | _NEVER


def _flags(node: Node, focus: str | None) -> dict[str, bool]:
    """In the order of AOSP's dump."""
    return {
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
    return _NOT_XML.sub("?", text)


def _written(root: _Element) -> str:
    from lxml import etree

    body = etree.tostring(root, encoding="unicode")
    return _DECLARATION.rstrip() + body
