"""Which command a request is: one table of methods and paths."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from framework.virtual.ui.automation import AutomationError
from framework.virtual.ui.w3c import actions, elements, mobile, window
from framework.virtual.ui.w3c.call import Call

Handler = Callable[[Call], Awaitable[object]]

_ELEMENT = "element/{element}"

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "", window.capabilities),
    ("GET", "timeouts", window.get_timeouts),
    ("POST", "timeouts", window.set_timeouts),
    ("GET", "source", window.source),
    ("GET", "screenshot", window.screenshot),
    ("GET", "window/rect", window.rect),
    ("GET", "orientation", window.orientation),
    ("POST", "orientation", window.set_orientation),
    ("POST", "back", window.back),
    ("GET", "context", window.context),
    ("POST", "context", window.set_context),
    ("GET", "contexts", window.contexts),
    ("GET", "appium/settings", window.get_settings),
    ("POST", "appium/settings", window.update_settings),
    ("POST", "actions", actions.perform),
    ("DELETE", "actions", actions.release),
    ("POST", "execute/sync", mobile.execute),
    ("POST", "element", elements.find_one),
    ("POST", "elements", elements.find_all),
    ("GET", "element/active", elements.active),
    ("POST", f"{_ELEMENT}/element", elements.find_one),
    ("POST", f"{_ELEMENT}/elements", elements.find_all),
    ("POST", f"{_ELEMENT}/click", elements.click),
    ("POST", f"{_ELEMENT}/clear", elements.clear),
    ("POST", f"{_ELEMENT}/value", elements.send_keys),
    ("GET", f"{_ELEMENT}/text", elements.text),
    ("GET", f"{_ELEMENT}/name", elements.tag_name),
    ("GET", f"{_ELEMENT}/attribute/{{name}}", elements.attribute),
    ("GET", f"{_ELEMENT}/enabled", elements.enabled),
    ("GET", f"{_ELEMENT}/selected", elements.selected),
    ("GET", f"{_ELEMENT}/displayed", elements.displayed),
    ("GET", f"{_ELEMENT}/rect", elements.rect),
    ("GET", f"{_ELEMENT}/location_in_view", elements.location_in_view),
    ("GET", f"{_ELEMENT}/screenshot", elements.screenshot),
)
"""Method, path below `/session/{id}`, handler."""


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    parts: tuple[str, ...]
    handler: Handler

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


_TABLE = tuple(_Route(method, tuple(filter(None, path.split("/"))), handler) for method, path, handler in ROUTES)


def route(method: str, parts: tuple[str, ...]) -> tuple[Handler, dict[str, str]]:
    """The handler of a path below the session, and its variable parts; a AutomationError when there is none."""
    other_methods = []
    for known in _TABLE:
        params = known.match(parts)
        if params is not None and known.method == method:
            return known.handler, params
        if params is not None:
            other_methods.append(known.method)
    path = "/".join(parts)
    if other_methods:
        raise AutomationError("unknown method", f"{path} is there for {', '.join(other_methods)}, not for {method}")
    raise AutomationError("unknown command", f"there is no command {method} {path}")
