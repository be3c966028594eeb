"""`cmd bluetooth_manager` (AOSP packages/modules/Bluetooth, BluetoothShellCommand.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch

STATES = {"wait-for-state:STATE_ON": True, "wait-for-state:STATE_OFF": False}


async def shell(call: Call) -> int:
    waits = tuple((name, _wait) for name in STATES)
    return await dispatch(call, (("enable", _switch), ("disable", _switch), *waits))


async def _switch(call: Call, arguments: Arguments) -> int:
    call.device.connectivity.enable("bluetooth", call.words[0] == "enable")
    await call.out(f"{call.words[0]}: Success\n")
    return 0


async def _wait(call: Call, arguments: Arguments) -> int:
    """A radio is in its state at once here."""
    reached = call.device.connectivity.enabled("bluetooth") == STATES[call.words[0]]
    await call.out(f"{call.words[0]}: {'Success' if reached else 'FAILED'}\n")
    return 0 if reached else FAILED


async def dump(call: Call) -> int:
    on = call.device.connectivity.enabled("bluetooth")
    state = f"  enabled: {str(on).lower()}\n  state: {'ON' if on else 'OFF'}\n"
    await call.out(f"Bluetooth Status\n{state}  name: {call.device.profile.identity.market_name}\n")
    return 0
