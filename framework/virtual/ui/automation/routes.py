"""Which command a request is: a table of methods and paths, with `{name}` for what varies in a path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from framework.virtual.ui.automation.errors import AutomationError

H = TypeVar("H")


@dataclass(frozen=True, slots=True)
class _Route(Generic[H]):
    method: str
    parts: tuple[str, ...]
    handler: H

    def match(self, parts: tuple[str, ...]) -> dict[str, str] | None:
        """The variable parts of a path of this route; None for another path."""
        if len(parts) != len(self.parts):
            return None
        params = {}
        for pattern, part in zip(self.parts, parts, strict=True):
            if pattern.startswith("{"):
                params[pattern.strip("{}")] = part
            elif pattern != part:
                return None
        return params


class Router(Generic[H]):
    """Finds the handler of a request; the first row of the table that matches has it."""

    def __init__(self, table: Iterable[tuple[str, str, H]]) -> None:
        self._routes = tuple(
            _Route(method, tuple(filter(None, path.split("/"))), handler) for method, path, handler in table
        )

    def route(self, method: str, parts: tuple[str, ...]) -> tuple[H, dict[str, str]]:
        """The handler of a path, and its variable parts; an AutomationError when there is none."""
        other_methods = []
        for known in self._routes:
            params = known.match(parts)
            if params is not None and known.method == method:
                return known.handler, params
            if params is not None:
                other_methods.append(known.method)
        path = "/".join(parts)
        if other_methods:
            raise AutomationError("unknown method", f"{path} is there for {', '.join(other_methods)}, not for {method}")
        raise AutomationError("unknown command", f"there is no command {method} {path}")
