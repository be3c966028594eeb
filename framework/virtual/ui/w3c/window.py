"""Commands about the whole screen and the session."""

from __future__ import annotations

import base64

from framework.virtual.android.services.input import press_key
from framework.virtual.ui import hierarchy
from framework.virtual.ui.screen import KEYCODE_BACK
from framework.virtual.ui.w3c.call import Call
from framework.virtual.ui.w3c.errors import W3cError

NATIVE = "NATIVE_APP"


async def source(call: Call) -> object:
    return hierarchy.source_xml(call.screen.source())


async def screenshot(call: Call) -> object:
    return base64.b64encode(await call.screen.capture()).decode("ascii")


async def rect(call: Call) -> object:
    width, height = call.screen.size
    return {"x": 0, "y": 0, "width": width, "height": height}


async def orientation(call: Call) -> object:
    return call.screen.orientation


async def set_orientation(call: Call) -> object:
    if call.argument("orientation", str).upper() != call.screen.orientation:
        raise W3cError("unsupported operation", "this handset is emulated without rotation; it can be folded")
    return None


async def back(call: Call) -> object:
    press(call, KEYCODE_BACK)
    return None


def press(call: Call, keycode: int) -> None:
    """A key: for the app, or else for the system."""
    press_key(call.session.device, keycode)


async def get_timeouts(call: Call) -> object:
    timeouts = call.session.timeouts
    return {"implicit": timeouts.implicit, "script": timeouts.script, "pageLoad": timeouts.page_load}


async def set_timeouts(call: Call) -> object:
    timeouts = call.session.timeouts
    for name, value in call.body.items():
        if name == "script" and value is None:
            timeouts.script = None
        elif not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise W3cError("invalid argument", f"{name} must be a whole number of milliseconds, not {value!r}")
        elif name == "implicit":
            timeouts.implicit = value
        elif name == "script":
            timeouts.script = value
        elif name == "pageLoad":
            timeouts.page_load = value
    return None


async def capabilities(call: Call) -> object:
    return call.session.capabilities


async def get_settings(call: Call) -> object:
    return call.session.settings


async def update_settings(call: Call) -> object:
    call.session.settings |= call.argument("settings", dict)
    return None


async def contexts(call: Call) -> object:
    return [NATIVE]


async def context(call: Call) -> object:
    return NATIVE


async def set_context(call: Call) -> object:
    if (name := call.argument("name", str)) != NATIVE:
        raise W3cError("unsupported operation", f"there is no context {name!r}, only {NATIVE}")
    return None
