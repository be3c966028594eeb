"""One request as a handler gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from framework.virtual.ui.automation import Automation
from framework.virtual.ui.automation.arguments import argument
from framework.virtual.ui.automation.client import ELEMENT_KEY
from framework.virtual.ui.tree import Node

if TYPE_CHECKING:
    from framework.virtual.apps.uiautomator2_server.schedule import Schedule

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """`params` are the variable parts of the path, `body` the request's JSON object."""

    on: Automation
    schedule: Schedule
    params: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def element(self) -> Node:
        """The view that the path names."""
        return self.on.element(self.params["element"])

    def argument(self, name: str, kind: type[T]) -> T:
        """A field of the body; an AutomationError "invalid argument" when it is missing or of another type."""
        return argument(self.body, name, kind)

    def reference(self, node: Node) -> dict[str, str]:
        """A view as a response names it: in the words of both protocols (ElementModel.java)."""
        known = self.on.refer_to(node)
        return {"ELEMENT": known, ELEMENT_KEY: known}
