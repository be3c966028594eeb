"""The actions command."""

from __future__ import annotations

from framework.virtual.ui.automation import actions
from framework.virtual.ui.w3c.call import Call


async def perform(call: Call) -> object:
    await actions.perform(call.on, call.argument("actions", list))
    return None


async def release(call: Call) -> object:
    actions.release(call.on)
    return None
