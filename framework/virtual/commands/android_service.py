"""Programs that are nothing but a way to one of Android's services: on a phone, scripts around `cmd`."""

from __future__ import annotations

from types import MappingProxyType

from framework.virtual.android.binder import Call, command, find_service
from framework.virtual.commands.context import Context

SERVICE_OF = MappingProxyType(
    {
        "am": "activity",
        "appops": "appops",
        "ime": "input_method",
        "input": "input",
        "locksettings": "lock_settings",
        "pm": "package",
        "settings": "settings",
        "wm": "window",
    }
)

NOT_UP = "Error type 2\nandroid.util.AndroidException: Can't connect to activity manager; is the system running?\n"
"""`am instrument` is no service's: a Java program prints this (Am.java)."""


async def run(ctx: Context) -> int:
    name, words = ctx.name, ctx.argv[1:]
    if name == "am" and words[:1] == ("instrument",) and find_service(ctx.device, "activity") is None:
        await ctx.err(NOT_UP)
        return 1
    return await command(_call(ctx, *words) if name == "cmd" else _call(ctx, SERVICE_OF[name], *words))


def _call(ctx: Context, *words: str) -> Call:
    return Call(ctx.device, words, ctx.stdin, ctx.stdout, ctx.stderr, ctx.uid)
