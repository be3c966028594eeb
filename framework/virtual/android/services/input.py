"""`cmd input` (AOSP InputShellCommand.java): fingers and keys."""

from __future__ import annotations

from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.android.binder import FAILED, Call, dispatch
from framework.virtual.android.input_methods import committed
from framework.virtual.android.keys import KEYCODES, META_SHIFT_ON, keycode, press_key
from framework.virtual.ui.touch import LONG_PRESS_NS

SWIPE_MS = 300
SHELL_FINGER = "input"
DPAD_CENTER = KEYCODES["DPAD_CENTER"]
SHIFTS = (KEYCODES["SHIFT_LEFT"], KEYCODES["SHIFT_RIGHT"])
SOURCES = ("touchscreen", "keyboard", "mouse", "stylus", "dpad", "gamepad")


async def shell(call: Call) -> int:
    words = call.words[1:] if call.words and call.words[0] in SOURCES else call.words
    if words[:1] == ("-d",):
        words = words[2:]  # the display: fingers and keys go to the one that is lit
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
            ("draganddrop", _drag_and_drop),
            ("motionevent", _motion_event),
            ("press", _press),
            ("roll", _roll),
            ("keycombination", _key_combination),
        ),
    )


async def _tap(call: Call, arguments: Arguments) -> int:
    await call.device.touch.press((_pixel(arguments), _pixel(arguments)))
    return 0


async def _swipe(call: Call, arguments: Arguments, hold_ns: int = 0) -> int:
    start = _pixel(arguments), _pixel(arguments)
    end = _pixel(arguments), _pixel(arguments)
    word = arguments.argument()
    duration_ns = (int(word) if word else SWIPE_MS) * 1_000_000
    await call.device.touch.strokes([(start, end)], duration_ns, hold_ns=hold_ns)
    return 0


async def _drag_and_drop(call: Call, arguments: Arguments) -> int:
    return await _swipe(call, arguments, LONG_PRESS_NS)


async def _motion_event(call: Call, arguments: Arguments) -> int:
    """One event of a finger that stays where it is from one command to the next."""
    action, at = arguments.required().upper(), (_pixel(arguments), _pixel(arguments))
    touch = call.device.touch
    if action == "DOWN":
        touch.down(SHELL_FINGER, at)
    elif action == "MOVE":
        touch.move(SHELL_FINGER, at)
    elif action == "UP":
        touch.move(SHELL_FINGER, at)
        touch.up(SHELL_FINGER)
    elif action == "CANCEL":
        touch.cancel()
    else:
        raise ArgumentError(f"Unknown action: {action}")
    return 0


async def _press(call: Call, arguments: Arguments) -> int:
    """The button of a trackball: the centre of the direction pad."""
    press_key(call.device, DPAD_CENTER)
    return 0


async def _roll(call: Call, arguments: Arguments) -> int:
    """A trackball moves a focus that nothing here has."""
    _pixel(arguments), _pixel(arguments)
    return 0


async def _key_combination(call: Call, arguments: Arguments) -> int:
    """Keys held together: those that write, with the modifiers among them."""
    if (option := arguments.option()) is not None and option == "-t":
        arguments.required()
    codes = [_code(word) for word in arguments.rest()]
    meta = META_SHIFT_ON if any(code in SHIFTS for code in codes) else 0
    for code in codes:
        if code not in SHIFTS:
            press_key(call.device, code, meta)
    return 0


async def _text(call: Call, arguments: Arguments) -> int:
    """`%s` stands for a space; only characters that keys can make (the virtual keyboard's map)."""
    text = arguments.required().replace("%s", " ")
    if not text.isascii():
        await call.err("\nException occurred while executing 'text':\njava.lang.NullPointerException\n")
        return FAILED
    if call.device.power.awake:
        call.device.screen.type(committed(call.device, text))
    return 0


async def _keyevent(call: Call, arguments: Arguments) -> int:
    while (word := arguments.option()) is not None:
        if word not in ("--longpress", "--doubletap", "--async"):
            raise ArgumentError(f"Unknown option: {word}")
    for word in (arguments.required(), *arguments.rest()):
        press_key(call.device, _code(word))
    return 0


def _code(word: str) -> int:
    code = keycode(word)
    if code is None:
        raise ArgumentError(f"Unknown keycode: {word}")
    return code


def _pixel(arguments: Arguments) -> int:
    word = arguments.required()
    try:
        return int(float(word))
    except ValueError:
        raise ArgumentError(f'For input string: "{word}"') from None
