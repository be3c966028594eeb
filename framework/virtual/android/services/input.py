"""`cmd input` (AOSP InputShellCommand.java): fingers and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch

if TYPE_CHECKING:
    from framework.virtual.device import Device

KEYCODE_HOME = 3
KEYCODE_BACK = 4
KEYCODES = {
    "HOME": KEYCODE_HOME,
    "BACK": KEYCODE_BACK,
    "POWER": 26,
    "TAB": 61,
    "SPACE": 62,
    "ENTER": 66,
    "DEL": 67,
    "MENU": 82,
    "ESCAPE": 111,
    "APP_SWITCH": 187,
    "SLEEP": 223,
    "WAKEUP": 224,
}
"""android.view.KeyEvent.KEYCODE_* by name."""

TAP_NS = 20_000_000
SWIPE_MS = 300
SOURCES = ("touchscreen", "keyboard", "mouse", "stylus", "dpad", "gamepad")


async def shell(call: Call) -> int:
    words = call.words[1:] if call.words and call.words[0] in SOURCES else call.words
    if not words:
        await call.err("Error: Invalid arguments for input\n")
        return FAILED
    return await dispatch(
        call.to(*words),
        (
            ("tap", _tap),
            ("text", _text),
            ("keyevent", _keyevent),
            ("swipe", _swipe),
            ("draganddrop", _swipe),
        ),
    )


async def _tap(call: Call, arguments: Arguments) -> int:
    x, y = _pixel(arguments), _pixel(arguments)
    await call.device.clock.sleep(TAP_NS)
    if call.device.power.awake:
        call.device.screen.tap(x, y)
    return 0


async def _swipe(call: Call, arguments: Arguments) -> int:
    start = _pixel(arguments), _pixel(arguments)
    end = _pixel(arguments), _pixel(arguments)
    duration = arguments.argument()
    await _drag(call.device, start, end, (int(duration) if duration else SWIPE_MS) * 1_000_000)
    return 0


async def _drag(device: Device, start: tuple[int, int], end: tuple[int, int], duration_ns: int) -> None:
    """A finger that moves evenly, a step for each frame; what it touched first follows it."""
    begun_ns = device.clock.now_ns()
    steps = max(1, duration_ns // device.frames.vsync.period_ns)
    way, gone = (end[0] - start[0], end[1] - start[1]), (0, 0)
    for step in range(1, steps + 1):
        await device.clock.sleep_until(begun_ns + duration_ns * step // steps)
        before, gone = gone, (way[0] * step // steps, way[1] * step // steps)
        if device.power.awake:
            device.screen.swipe(start, (start[0] + gone[0] - before[0], start[1] + gone[1] - before[1]))


async def _text(call: Call, arguments: Arguments) -> int:
    """`%s` stands for a space; only characters that keys can make (the virtual keyboard's map)."""
    text = arguments.required().replace("%s", " ")
    if not text.isascii():
        await call.err("\nException occurred while executing 'text':\njava.lang.NullPointerException\n")
        return FAILED
    if call.device.power.awake:
        call.device.screen.type(text)
    return 0


async def _keyevent(call: Call, arguments: Arguments) -> int:
    while (word := arguments.option()) is not None:
        if word not in ("--longpress", "--doubletap", "--async"):
            raise ArgumentError(f"Unknown option: {word}")
    for word in (arguments.required(), *arguments.rest()):
        press_key(call.device, _keycode(word))
    return 0


def press_key(device: Device, keycode: int) -> None:
    """A key goes to what is on the screen; what that does not take is the system's."""
    if device.power.press(keycode):
        if device.activities.focused is not None:
            device.frames.shown(device.activities.focused)
        return
    if not device.power.awake:
        return
    if keycode == KEYCODE_HOME or (not device.screen.press(keycode) and keycode == KEYCODE_BACK):
        device.activities.home()


def _keycode(word: str) -> int:
    name = word.upper().removeprefix("KEYCODE_")
    if name in KEYCODES:
        return KEYCODES[name]
    if word.isdecimal():
        return int(word)
    raise ArgumentError(f"Unknown keycode: {word}")


def _pixel(arguments: Arguments) -> int:
    word = arguments.required()
    try:
        return int(float(word))
    except ValueError:
        raise ArgumentError(f'For input string: "{word}"') from None
