"""One client's hold on a handset's screen: the elements it was told of, its settings, how long it waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from framework.virtual.ui.automation.errors import AutomationError
from framework.virtual.ui.screen import Screen
from framework.virtual.ui.tree import Node, Window

if TYPE_CHECKING:
    from framework.virtual.device import Device

ELEMENT_KEY = "element-6066-11e4-a52e-4f735466cecf"
"""The web element identifier of the recommendation, section 12."""


@dataclass(slots=True)
class Automation:
    """`elements` maps an element's id to the window it was in and the key of its view.

    `implicit_ms` is the implicit wait, in milliseconds of device time; `settings` are the client's own.
    """

    device: Device
    implicit_ms: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    elements: dict[str, tuple[Window, str]] = field(default_factory=dict)

    @property
    def screen(self) -> Screen:
        return self.device.screen

    @property
    def package(self) -> str:
        """Of the window that has the focus; empty without one."""
        return self.screen.foreground.package if self.screen.foreground is not None else ""

    def refer_to(self, node: Node) -> str:
        """The id of a view, as it is put in a response; the same view has the same id."""
        window = self.screen.foreground
        if window is None:
            raise AutomationError("no such element", "nothing is on the screen")
        for known, (its_window, key) in self.elements.items():
            if its_window is window and key == node.key:
                return known
        reference = str(uuid4())
        self.elements[reference] = (window, node.key)
        return reference

    def element(self, reference: str) -> Node:
        """The view as it is now; an AutomationError when it is not on the screen any more, or never was."""
        known = self.elements.get(reference)
        if known is None:
            raise AutomationError("no such element", f"no element {reference} was found in this session")
        window, key = known
        node = self.screen.tree().find(key) if window is self.screen.foreground else None
        if node is None:
            raise AutomationError("stale element reference", f"element {key!r} is no longer on the screen")
        return node
