"""`cmd window` (wm): AOSP WindowManagerShellCommand.java. Its dump is in window_dump.py."""

from __future__ import annotations

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.display import MIN_DENSITY
from framework.virtual.android.services.window_dump import dump as dump


async def shell(call: Call) -> int:
    return await dispatch(
        call,
        (
            ("size", _size),
            ("density", _density),
            ("user-rotation", _user_rotation),
            ("set-user-rotation", _set_user_rotation),
            ("dismiss-keyguard", _dismiss_keyguard),
        ),
    )


async def _size(call: Call, arguments: Arguments) -> int:
    config, word = call.device.display, _word(arguments)
    if word is None:
        panel = config.panel
        await call.out(f"Physical size: {panel.width}x{panel.height}\n")
        if config.size != (panel.width, panel.height):
            await call.out(f"Override size: {config.size[0]}x{config.size[1]}\n")
        return 0
    width, x, height = word.partition("x")
    if word != "reset" and not (x and width and height):
        await call.err(f"Error: bad size {word}\n")
        return FAILED
    if word != "reset" and not (width.isdecimal() and height.isdecimal()):
        await call.err(f'Error: bad number java.lang.NumberFormatException: For input string: "{word}"\n')
        return FAILED
    config.force_size(None if word == "reset" else (int(width), int(height)))
    return 0


async def _density(call: Call, arguments: Arguments) -> int:
    config, word = call.device.display, _word(arguments)
    if word is None:
        await call.out(f"Physical density: {config.panel.density}\n")
        if config.density != config.panel.density:
            await call.out(f"Override density: {config.density}\n")
        return 0
    if word != "reset" and not word.isdecimal():
        await call.err(f'Error: bad number java.lang.NumberFormatException: For input string: "{word}"\n')
        return FAILED
    if word != "reset" and int(word) < MIN_DENSITY:
        await call.err(f"Error: density must be >= {MIN_DENSITY}\n")
        return FAILED
    config.force_density(None if word == "reset" else int(word))
    return 0


def _word(arguments: Arguments) -> str | None:
    """What follows the options that name a display or a user: one display is lit, and there is one user."""
    while (option := arguments.option()) is not None:
        if option not in ("-d", "-u", "--user"):
            raise ArgumentError(f"Unknown option: {option}")
        arguments.required()
    return arguments.argument()


async def _user_rotation(call: Call, arguments: Arguments) -> int:
    """`free`, `lock [0-3]`, or without a word which of them it is."""
    config, word = call.device.display, _word(arguments)
    if word is None:
        free = call.device.settings.get("system", "accelerometer_rotation") == "1"
        await call.out("free\n" if free else f"lock {config.rotation}\n")
    elif word == "free":
        config.thaw()
    elif word == "lock":
        wanted = arguments.argument()
        if wanted is not None and wanted not in ("0", "1", "2", "3"):
            await call.err("Error: rotation can only be one of 0, 1, 2, 3\n")
            return FAILED
        config.freeze(None if wanted is None else int(wanted))
    else:
        await call.err("Error: argument needs to be either -d, free or lock, but got " + word + "\n")
        return FAILED
    return 0


async def _set_user_rotation(call: Call, arguments: Arguments) -> int:
    return await _user_rotation(call, arguments)


async def _dismiss_keyguard(call: Call, arguments: Arguments) -> int:
    call.device.keyguard.dismiss()
    return 0
