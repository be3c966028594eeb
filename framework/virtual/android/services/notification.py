"""`cmd notification` (AOSP NotificationShellCmd.java): who may listen, do not disturb, and what is shown."""

from __future__ import annotations

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import Call, dispatch
from framework.virtual.android.intents import full_component

LISTENERS = "enabled_notification_listeners"
"""Secure setting: the components that may listen, with colons between them."""

ZEN_MODES = {"none": "2", "on": "2", "priority": "1", "alarms": "3", "all": "0", "off": "0"}
"""Word of `set_dnd` → the setting `zen_mode` (Settings.Global.ZEN_MODE_*)."""


async def shell(call: Call) -> int:
    subcommands = (("allow_listener", _allow), ("disallow_listener", _disallow), ("set_dnd", _set_dnd))
    return await dispatch(call, subcommands)


async def dump(call: Call) -> int:
    lines = ["Current Notification Manager state:", "  Notification listeners:"]
    allowed = _listeners(call)
    lines += [f"    Allowed notification listeners: {':'.join(allowed)} (user: 0 isPrimary: true)"]
    await call.out("\n".join(lines) + "\n")
    return 0


async def _allow(call: Call, arguments: Arguments) -> int:
    name = _component(arguments)
    listeners = _listeners(call)
    if name not in listeners:
        _keep(call, [*listeners, name])
    return 0


async def _disallow(call: Call, arguments: Arguments) -> int:
    name = _component(arguments)
    _keep(call, [each for each in _listeners(call) if each != name])
    return 0


async def _set_dnd(call: Call, arguments: Arguments) -> int:
    mode = ZEN_MODES.get(arguments.required())
    if mode is None:
        raise ArgumentError("Invalid filter: 0")
    call.device.settings.put("global", "zen_mode", mode)
    return 0


def _component(arguments: Arguments) -> str:
    """The component in full; a user id may follow it."""
    word = arguments.required()
    if word.count("/") != 1:
        raise ArgumentError("Invalid listener - must be a ComponentName")
    return full_component(word)


def _listeners(call: Call) -> list[str]:
    return [name for name in (call.device.settings.get("secure", LISTENERS) or "").split(":") if name]


def _keep(call: Call, names: list[str]) -> None:
    call.device.settings.put("secure", LISTENERS, ":".join(names))
