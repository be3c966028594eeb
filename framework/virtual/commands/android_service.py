"""Programs that are nothing but a way to one of Android's services: on a phone, scripts around `cmd`."""

from __future__ import annotations

from types import MappingProxyType

from framework.virtual.android.binder import Call, command
from framework.virtual.commands.context import Context

SERVICE_OF = MappingProxyType(
    {"am": "activity", "input": "input", "pm": "package", "settings": "settings", "wm": "window"}
)


async def run(ctx: Context) -> int:
    name, words = ctx.name, ctx.argv[1:]
    return await command(_call(ctx, *words) if name == "cmd" else _call(ctx, SERVICE_OF[name], *words))


def _call(ctx: Context, *words: str) -> Call:
    return Call(ctx.device, words, ctx.stdin, ctx.stdout, ctx.stderr, ctx.uid)
