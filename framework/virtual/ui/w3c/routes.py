"""Which command a request is: one table of methods and paths."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from framework.virtual.ui.automation.routes import Router
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
    ("GET", "rotation", window.rotation),
    ("POST", "rotation", window.set_rotation),
    ("POST", "back", window.back),
    ("GET", "alert/text", window.alert_text),
    ("POST", "alert/accept", window.accept_alert),
    ("POST", "alert/dismiss", window.dismiss_alert),
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

ROUTER: Router[Handler] = Router(ROUTES)
