"""Which handler a request has (AppiumServlet.java); paths are below `/session/{id}`."""

from __future__ import annotations

from collections.abc import Callable

from framework.virtual.apps.uiautomator2_server import elements as views
from framework.virtual.apps.uiautomator2_server import screen, windows
from framework.virtual.apps.uiautomator2_server.call import Call
from framework.virtual.apps.uiautomator2_server.settings import DEFAULTS
from framework.virtual.ui.automation import actions, alerts, attributes, elements, information, window
from framework.virtual.ui.automation.routes import Router
from framework.virtual.ui.screen import KEYCODE_BACK

Handler = Callable[[Call], object]
"""Returns the value of the response, or something that is awaited for it."""

_ELEMENT = "element/{element}"
_DEVICE = "appium/device"


def _gesture(path: str, name: str) -> tuple[str, str, Handler]:
    return "POST", f"appium/gestures/{path}", lambda call: views.gesture(call, name)


def _settings(call: Call) -> object:
    return {**DEFAULTS, **call.on.settings}


def _update_settings(call: Call) -> object:
    known = {name: value for name, value in call.argument("settings", dict).items() if name in DEFAULTS}
    call.on.settings.update(known)
    return None


async def _answer(call: Call, action: alerts.Action) -> object:
    label = call.body.get("buttonLabel")
    await alerts.answer(call.on, action, None if label is None else str(label))
    return None


ROUTER: Router[Handler] = Router(
    (
        ("GET", "", lambda _: {"lastScrollData": None}),
        ("POST", "element", views.find_one),
        ("POST", "elements", views.find_all),
        ("GET", "element/active", lambda call: call.reference(elements.active(call.on))),
        ("POST", f"{_ELEMENT}/click", lambda call: elements.click(call.on, call.element)),
        ("POST", f"{_ELEMENT}/clear", lambda call: elements.clear(call.on, call.element)),
        ("POST", f"{_ELEMENT}/value", views.send_keys),
        ("POST", "keys", views.send_keys),
        ("GET", f"{_ELEMENT}/text", lambda call: elements.text(call.element)),
        (
            "GET",
            f"{_ELEMENT}/attribute/{{name}}",
            lambda call: attributes.attribute(call.on, call.element, call.params["name"]),
        ),
        ("GET", f"{_ELEMENT}/name", lambda call: call.element.content_desc),
        ("GET", f"{_ELEMENT}/rect", lambda call: elements.rect(call.element)),
        ("GET", f"{_ELEMENT}/size", views.size),
        ("GET", f"{_ELEMENT}/location", views.location),
        ("GET", f"{_ELEMENT}/screenshot", lambda call: window.screenshot(call.on, call.element)),
        ("GET", "screenshot/{element}", lambda call: window.screenshot(call.on, call.element)),
        ("GET", "appium/element/{element}/first_visible", views.first_visible),
        ("POST", "appium/element/{element}/scroll_to/{other}", views.scroll_to_element),
        ("POST", "gestures/scroll_to", views.scroll_to),
        ("GET", "source", lambda call: window.source(call.on)),
        ("GET", "screenshot", lambda call: window.screenshot(call.on)),
        ("GET", "orientation", lambda call: window.orientation(call.on)),
        ("POST", "orientation", screen.set_orientation),
        ("GET", "rotation", lambda call: window.rotation(call.on)),
        ("POST", "rotation", lambda call: window.set_rotation(call.on, call.argument("z", int))),
        ("GET", "alert/text", lambda call: alerts.text(call.on)),
        ("POST", "alert/accept", lambda call: _answer(call, "accept")),
        ("POST", "alert/dismiss", lambda call: _answer(call, "dismiss")),
        ("GET", "window/{handle}/size", lambda call: window.size(call.on)),
        ("POST", "back", lambda call: window.press(call.on, KEYCODE_BACK)),
        ("POST", "actions", lambda call: actions.perform(call.on, call.argument("actions", list))),
        _gesture("click", "clickGesture"),
        _gesture("double_click", "doubleClickGesture"),
        _gesture("long_click", "longClickGesture"),
        _gesture("drag", "dragGesture"),
        _gesture("fling", "flingGesture"),
        _gesture("pinch_close", "pinchCloseGesture"),
        _gesture("pinch_open", "pinchOpenGesture"),
        _gesture("scroll", "scrollGesture"),
        _gesture("swipe", "swipeGesture"),
        ("POST", f"{_DEVICE}/press_keycode", screen.press_key),
        ("POST", f"{_DEVICE}/long_press_keycode", screen.press_key),
        ("POST", f"{_DEVICE}/get_clipboard", screen.get_clipboard),
        ("POST", f"{_DEVICE}/set_clipboard", screen.set_clipboard),
        ("POST", f"{_DEVICE}/open_notifications", screen.open_notifications),
        ("POST", "network_connection", screen.unsupported),
        ("GET", f"{_DEVICE}/pixel_ratio", screen.pixel_ratio),
        ("GET", f"{_DEVICE}/system_bars", screen.system_bars),
        ("GET", f"{_DEVICE}/battery_info", screen.battery),
        ("GET", f"{_DEVICE}/display_density", lambda call: call.on.screen.display.density),
        ("GET", f"{_DEVICE}/info", lambda call: information.device_info(call.on)),
        ("GET", f"{_DEVICE}/declared_orientation", lambda _: None),
        ("POST", "appium/list_displays", windows.displays),
        ("POST", "appium/list_windows", windows.windows),
        ("POST", "appium/schedule_action", lambda call: call.schedule.add(call.on, call.body)),
        ("POST", "appium/action_history", lambda call: call.schedule.history(call.body)),
        ("POST", "appium/unschedule_action", lambda call: call.schedule.remove(call.body)),
        ("GET", "appium/settings", _settings),
        ("POST", "appium/settings", _update_settings),
        ("POST", "appium/reset_ax_cache", lambda _: None),
    )
)
