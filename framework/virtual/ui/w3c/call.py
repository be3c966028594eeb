"""One command as a handler gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from framework.virtual.ui.screen import Screen
from framework.virtual.ui.tree import Node
from framework.virtual.ui.w3c.errors import W3cError
from framework.virtual.ui.w3c.session import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """`params` are the variable parts of the path, `body` the request's JSON object."""

    session: Session
    params: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def screen(self) -> Screen:
        return self.session.device.screen

    @property
    def element(self) -> Node:
        """The view that the path names."""
        return self.session.element(self.params["element"])

    def argument(self, name: str, kind: type[T]) -> T:
        """A field of the body; a W3cError "invalid argument" when it is missing or of another type."""
        return argument(self.body, name, kind)


def argument(fields: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = fields.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise W3cError("invalid argument", f"{name} must be a {kind.__name__}, not {value!r}")
    return value


def number(fields: Mapping[str, Any], name: str, default: float | None = None) -> float:
    """A number; W3cError "invalid argument" when it is missing without a default, or none."""
    value = fields.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise W3cError("invalid argument", f"{name} must be a number, not {value!r}")
    return value
