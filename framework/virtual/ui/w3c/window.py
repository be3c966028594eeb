"""Commands about the whole screen and the session."""

from __future__ import annotations

from framework.virtual.ui.automation import AutomationError, alerts
from framework.virtual.ui.automation import window as screen
from framework.virtual.ui.screen import KEYCODE_BACK
from framework.virtual.ui.w3c.call import Call

NATIVE = "NATIVE_APP"


async def source(call: Call) -> object:
    return screen.source(call.on)


async def screenshot(call: Call) -> object:
    return await screen.screenshot(call.on)


async def rect(call: Call) -> object:
    return {"x": 0, "y": 0, **screen.size(call.on)}


async def orientation(call: Call) -> object:
    return screen.orientation(call.on)


async def set_orientation(call: Call) -> object:
    screen.set_orientation(call.on, call.argument("orientation", str))
    return None


async def rotation(call: Call) -> object:
    return screen.rotation(call.on)


async def set_rotation(call: Call) -> object:
    screen.set_rotation(call.on, call.argument("z", int))
    return None


async def back(call: Call) -> object:
    screen.press(call.on, KEYCODE_BACK)
    return None


async def alert_text(call: Call) -> object:
    return alerts.text(call.on)


async def accept_alert(call: Call) -> object:
    await alerts.answer(call.on, "accept")
    return None


async def dismiss_alert(call: Call) -> object:
    await alerts.answer(call.on, "dismiss")
    return None


async def get_timeouts(call: Call) -> object:
    session = call.session
    return {"implicit": call.on.implicit_ms, "script": session.script_ms, "pageLoad": session.page_load_ms}


async def set_timeouts(call: Call) -> object:
    for name, value in call.body.items():
        if name == "script" and value is None:
            call.session.script_ms = None
        elif not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise AutomationError("invalid argument", f"{name} must be a whole number of milliseconds, not {value!r}")
        elif name == "implicit":
            call.on.implicit_ms = value
        elif name == "script":
            call.session.script_ms = value
        elif name == "pageLoad":
            call.session.page_load_ms = value
    return None


async def capabilities(call: Call) -> object:
    return call.session.capabilities


async def get_settings(call: Call) -> object:
    return call.on.settings


async def update_settings(call: Call) -> object:
    call.on.settings |= call.argument("settings", dict)
    return None


async def contexts(call: Call) -> object:
    return [NATIVE]


async def context(call: Call) -> object:
    return NATIVE


async def set_context(call: Call) -> object:
    if (name := call.argument("name", str)) != NATIVE:
        raise AutomationError("unsupported operation", f"there is no context {name!r}, only {NATIVE}")
    return None
