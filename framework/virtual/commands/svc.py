"""svc: switches for the radios and the power manager (AOSP frameworks/base/cmds/svc)."""

from __future__ import annotations

from framework.virtual.android.binder import Call, command
from framework.virtual.android.connectivity import Radio
from framework.virtual.commands.context import Context

USAGE = """Available commands:
    help     Show information about the subcommands
    power    Control the power manager
    data     Control mobile data connectivity
    wifi     Control the Wi-Fi manager
    usb      Control Usb state
    nfc      Control NFC functions
    bluetooth Control Bluetooth service
    system-server System server process related command
"""
RADIOS: tuple[tuple[str, Radio], ...] = (("wifi", "wifi"), ("data", "data"), ("bluetooth", "bluetooth"), ("nfc", "nfc"))


async def run(ctx: Context) -> int:
    match ctx.argv[1:]:
        case ("power", "stayon", word):
            return await command(
                Call(ctx.device, ("power", "stayon", word), ctx.stdin, ctx.stdout, ctx.stderr, ctx.uid)
            )
        case (name, "enable" | "disable" as word) if name in dict(RADIOS):
            ctx.device.connectivity.enable(dict(RADIOS)[name], word == "enable")
        case ("usb", "getFunctions"):
            await ctx.out("adb\n")
        case (("power" | "data" | "wifi" | "usb" | "nfc" | "bluetooth" | "system-server") as name, *_):
            await ctx.err(_usage_of(name))
            return 1
        case _:
            await ctx.err(USAGE)
            return 1 if ctx.argv[1:] and ctx.argv[1] != "help" else 0
    return 0


def _usage_of(name: str) -> str:
    if name in dict(RADIOS):
        return f"Control the {name} manager\n\nusage: svc {name} [enable|disable]\n"
    if name == "power":
        return "Control the power manager\n\nusage: svc power stayon [true|false|usb|ac|wireless]\n"
    return f"usage: svc {name}\n"
