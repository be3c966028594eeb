"""One client's session: its settings, its time-outs, and the elements it has been told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from framework.virtual.ui.tree import Node, Window
from framework.virtual.ui.w3c.errors import W3cError

if TYPE_CHECKING:
    from framework.virtual.device import Device

ELEMENT_KEY = "element-6066-11e4-a52e-4f735466cecf"
"""The web element identifier of the recommendation, section 12."""


@dataclass(slots=True)
class Timeouts:
    """In milliseconds of device time; `script` and `page_load` are kept for the client and mean nothing here."""

    implicit: int = 0
    script: int | None = 30_000
    page_load: int = 300_000


@dataclass(slots=True)
class Session:
    """`elements` maps an element's id to the window it was in and the key of its view. It ends with its `boot`."""

    device: Device
    id: str
    capabilities: Mapping[str, Any]
    boot: int = 0
    timeouts: Timeouts = field(default_factory=Timeouts)
    settings: dict[str, Any] = field(default_factory=dict)
    elements: dict[str, tuple[Window, str]] = field(default_factory=dict)

    def refer_to(self, node: Node) -> dict[str, str]:
        """A reference to a view, as it is put in a response; the same view has the same reference."""
        window = self._window()
        for known, (its_window, key) in self.elements.items():
            if its_window is window and key == node.key:
                return {ELEMENT_KEY: known}
        reference = str(uuid4())
        self.elements[reference] = (window, node.key)
        return {ELEMENT_KEY: reference}

    def element(self, reference: str) -> Node:
        """The view as it is now; a W3cError when it is not on the screen any more, or never was."""
        known = self.elements.get(reference)
        if known is None:
            raise W3cError("no such element", f"no element {reference} was found in this session")
        window, key = known
        node = self.device.screen.tree().find(key) if window is self.device.screen.foreground else None
        if node is None:
            raise W3cError("stale element reference", f"element {key!r} is no longer on the screen")
        return node

    def _window(self) -> Window:
        window = self.device.screen.foreground
        if window is None:
            raise W3cError("no such element", "nothing is on the screen")
        return window
