"""`cmd phone` (AOSP packages/services/Telephony, TelephonyShellCommand.java): mobile data."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch


async def shell(call: Call) -> int:
    return await dispatch(call, (("data", _data),))


async def _data(call: Call, arguments: Arguments) -> int:
    word = arguments.argument()
    if word not in ("enable", "disable"):
        await call.err("Mobile Data Test Mode Commands:\n  data enable\n  data disable\n")
        return FAILED
    call.device.connectivity.enable("data", word == "enable")
    return 0
