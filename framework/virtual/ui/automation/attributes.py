"""Attributes of a view by name, and as strings (appium-uiautomator2-server, Attribute.java, UiObject2Element.java)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from framework.virtual.ui import hierarchy
from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.tree import Node

ALIASES: Final[Mapping[str, str]] = {
    "classname": "class",
    "contentdescription": "content-desc",
    "longclickable": "long-clickable",
    "resourceid": "resource-id",
    "name": "text",
    "importantforaccessibility": "a11y-important",
    "screenreaderfocusable": "screen-reader-focusable",
    "inputtype": "input-type",
    "drawingorder": "drawing-order",
    "showinghinttext": "showing-hint",
    "textentrykey": "text-entry-key",
    "accessibilityfocused": "a11y-focused",
    "liveregion": "live-region",
    "contextclickable": "context-clickable",
    "contentinvalid": "content-invalid",
}
"""Other names of an attribute, in lower case: names are read in any."""

NULLABLE: Final = ("content-desc", "resource-id", "hint", "input-type", "selection-start", "selection-end")
"""What a view may not have: null then, not an empty string."""


def attribute(on: Automation, node: Node, name: str) -> str | None:
    """An attribute; None for one that this view has not, an AutomationError "unknown command" for one that none has."""
    wanted = ALIASES.get(name.lower(), name.lower())
    if wanted == "contentsize":
        return _content_size(node)
    known = hierarchy.appium_attributes(node, 0, on.package, on.screen.focus)
    if wanted in known and wanted != "index":
        return known[wanted]
    if wanted in NULLABLE:
        return None
    supported = ", ".join(sorted({*known, *NULLABLE, "contentSize"} - {"index"}))
    message = f"'{name}' attribute is unknown for the element. Only the following attributes are supported: "
    raise AutomationError("unknown command", f"{message}[{supported}]")


def _content_size(node: Node) -> str:
    """Of a list: its place, and how many pixels it can be scrolled by, as JSON."""
    from json import dumps

    bounds = node.bounds
    size = {"width": bounds.width, "height": bounds.height, "top": bounds.top, "left": bounds.left}
    return dumps({**size, "scrollableOffset": node.above + node.below, "touchPadding": 0}, separators=(",", ":"))
