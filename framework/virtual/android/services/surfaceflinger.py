"""`dumpsys SurfaceFlinger --list` (AOSP SurfaceFlinger.cpp)."""

from __future__ import annotations

from framework.virtual.android.binder import Call
from framework.virtual.android.tokens import token


async def dump(call: Call) -> int:
    device = call.device
    layers = [
        f"{token('window', record.task)} {record.component}#{record.task}"
        for record in device.activities.stack
        if record.window is not None
    ]
    await call.out("".join(f"{layer}\n" for layer in ['Display 0 name="Built-in Screen"#3', *layers, "StatusBar#71"]))
    return 0
