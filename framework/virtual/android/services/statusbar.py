"""`cmd statusbar` (AOSP StatusBarShellCommand.java)."""

from __future__ import annotations

from framework.virtual.android.arguments import Arguments
from framework.virtual.android.binder import Call, dispatch
from framework.virtual.android.systemui.shade import TILES


async def shell(call: Call) -> int:
    return await dispatch(
        call,
        (
            ("expand-notifications", _expand),
            ("expand-settings", _expand_settings),
            ("collapse", _collapse),
            ("get-status-icons", _icons),
            ("check-support", _check_support),
            ("list-tiles", _list_tiles),
        ),
    )


async def _expand(call: Call, arguments: Arguments) -> int:
    call.device.shade.expand()
    return 0


async def _expand_settings(call: Call, arguments: Arguments) -> int:
    call.device.shade.expand("settings")
    return 0


async def _collapse(call: Call, arguments: Arguments) -> int:
    call.device.shade.collapse()
    return 0


async def _icons(call: Call, arguments: Arguments) -> int:
    await call.out("".join(f"{name}\n" for name in ("battery", "wifi", "clock")))
    return 0


async def _check_support(call: Call, arguments: Arguments) -> int:
    await call.out("true\n")
    return 0


async def _list_tiles(call: Call, arguments: Arguments) -> int:
    await call.out("".join(f"{name}\n" for name in TILES))
    return 0
