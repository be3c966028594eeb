"""What can be read of an element, and done with it."""

from __future__ import annotations

from framework.virtual.ui.automation.client import Automation
from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.automation.window import press
from framework.virtual.ui.screen import KEYCODE_ENTER
from framework.virtual.ui.tree import Node


def active(on: Automation) -> Node:
    """The view that has the input focus; an AutomationError "no such element" where none has."""
    node = on.screen.tree().find(on.screen.focus) if on.screen.focus is not None else None
    if node is None:
        raise AutomationError("no such element", "no view has the focus")
    return node


def click(on: Automation, node: Node) -> None:
    """A tap in the middle of what can be seen of it: what lies above there gets it."""
    on.screen.tap(*node.bounds.center)


def clear(on: Automation, node: Node) -> None:
    _focused(on, node)
    on.screen.replace("")


def set_text(on: Automation, node: Node, text: str, *, replace: bool = False) -> None:
    """Text into a field, after what is there or in its place; a line end at its end is the Enter key."""
    _focused(on, node)
    written = text.removesuffix("\n")
    if replace:
        on.screen.replace(written)
    else:
        on.screen.type(written)
    if text.endswith("\n"):
        press(on, KEYCODE_ENTER)


def text(node: Node) -> str:
    return node.said


def rect(node: Node) -> dict[str, int]:
    bounds = node.bounds
    return {"x": bounds.left, "y": bounds.top, "width": bounds.width, "height": bounds.height}


def _focused(on: Automation, node: Node) -> None:
    """Give a view the focus; an AutomationError when it takes no text."""
    if node.on_text is None:
        raise AutomationError("invalid element state", f"{node.class_name} {node.resource_id} takes no text")
    if not node.enabled:
        raise AutomationError("element not interactable", f"{node.class_name} {node.resource_id} is disabled")
    on.screen.tap(*node.bounds.center)
