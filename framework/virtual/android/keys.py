"""Keys: their codes and names, the characters that they make, and who gets them.

android.view.KeyEvent; the characters are those of AOSP's frameworks/base/data/keyboards/Generic.kcm; what the system
keeps for itself is in PhoneWindowManager.java.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from framework.virtual.device import Device

KEYCODE_HOME: Final = 3
KEYCODE_BACK: Final = 4
KEYCODE_MENU: Final = 82
KEYCODE_VOLUME_UP: Final = 24
KEYCODE_VOLUME_DOWN: Final = 25
KEYCODE_VOLUME_MUTE: Final = 164
KEYCODE_APP_SWITCH: Final = 187

META_SHIFT_ON: Final = 0x1
META_CAPS_LOCK_ON: Final = 0x100000
"""android.view.KeyEvent.META_*"""

FIRST_DIGIT, FIRST_LETTER = 7, 29

_NAMES = (
    "UNKNOWN SOFT_LEFT SOFT_RIGHT HOME BACK CALL ENDCALL 0 1 2 3 4 5 6 7 8 9 STAR POUND DPAD_UP DPAD_DOWN DPAD_LEFT "
    "DPAD_RIGHT DPAD_CENTER VOLUME_UP VOLUME_DOWN POWER CAMERA CLEAR A B C D E F G H I J K L M N O P Q R S T U V W X "
    "Y Z COMMA PERIOD ALT_LEFT ALT_RIGHT SHIFT_LEFT SHIFT_RIGHT TAB SPACE SYM EXPLORER ENVELOPE ENTER DEL GRAVE MINUS "
    "EQUALS LEFT_BRACKET RIGHT_BRACKET BACKSLASH SEMICOLON APOSTROPHE SLASH AT NUM HEADSETHOOK FOCUS PLUS MENU "
    "NOTIFICATION SEARCH MEDIA_PLAY_PAUSE MEDIA_STOP MEDIA_NEXT MEDIA_PREVIOUS MEDIA_REWIND MEDIA_FAST_FORWARD MUTE "
    "PAGE_UP PAGE_DOWN"
)
KEYCODES: Final = {name: code for code, name in enumerate(_NAMES.split())} | {
    "ESCAPE": 111,
    "FORWARD_DEL": 112,
    "CTRL_LEFT": 113,
    "CTRL_RIGHT": 114,
    "CAPS_LOCK": 115,
    "SYSRQ": 120,
    "MOVE_HOME": 122,
    "MOVE_END": 123,
    "NUMPAD_ENTER": 160,
    "VOLUME_MUTE": 164,
    "SETTINGS": 176,
    "APP_SWITCH": 187,
    "ASSIST": 219,
    "BRIGHTNESS_DOWN": 220,
    "BRIGHTNESS_UP": 221,
    "SLEEP": 223,
    "WAKEUP": 224,
    "SOFT_SLEEP": 276,
    "CUT": 277,
    "COPY": 278,
    "PASTE": 279,
}
"""KEYCODE_* by name."""

_SYMBOLS = {
    "COMMA": ",<",
    "PERIOD": ".>",
    "SPACE": "  ",
    "GRAVE": "`~",
    "MINUS": "-_",
    "EQUALS": "=+",
    "LEFT_BRACKET": "[{",
    "RIGHT_BRACKET": "]}",
    "BACKSLASH": "\\|",
    "SEMICOLON": ";:",
    "APOSTROPHE": "'\"",
    "SLASH": "/?",
    "AT": "@@",
    "PLUS": "++",
    "STAR": "**",
    "POUND": "##",
}
_SHIFTED_DIGITS = ")!@#$%^&*("
_CHARACTERS: Final = {KEYCODES[name]: pair for name, pair in _SYMBOLS.items()}

VOLUMES: Final = (0, 15)
"""AudioService's range of the music stream."""


def keycode(word: str) -> int | None:
    """The code of a name, with or without `KEYCODE_`, or of a number; None for neither."""
    if word.isdecimal():  # `7` is a code, `KEYCODE_7` a name (KeyEvent.keyCodeFromString)
        return int(word)
    return KEYCODES.get(word.upper().removeprefix("KEYCODE_"))


def character(code: int, meta: int = 0) -> str | None:
    """What a key writes; None where it writes nothing."""
    shift, caps = bool(meta & META_SHIFT_ON), bool(meta & META_CAPS_LOCK_ON)
    if FIRST_DIGIT <= code < FIRST_DIGIT + 10:
        return _SHIFTED_DIGITS[code - FIRST_DIGIT] if shift else str(code - FIRST_DIGIT)
    if FIRST_LETTER <= code < FIRST_LETTER + 26:
        letter = chr(ord("a") + code - FIRST_LETTER)
        return letter.upper() if shift != caps else letter
    pair = _CHARACTERS.get(code)
    return pair[shift] if pair else None


def press_key(device: Device, code: int, meta: int = 0) -> None:
    """A key goes to what is on the screen; what that does not take is the system's."""
    if device.power.press(code):
        return
    if code in (KEYCODE_VOLUME_UP, KEYCODE_VOLUME_DOWN, KEYCODE_VOLUME_MUTE):
        _turn_volume(device, code)
        return
    if not device.power.awake:
        return
    if code == KEYCODE_BACK and device.keyboard.hide():
        return
    if device.keyguard.showing and code in (KEYCODE_HOME, KEYCODE_APP_SWITCH, KEYCODE_MENU):
        if code == KEYCODE_MENU and not device.keyguard.secure:
            device.keyguard.dismiss()
    elif code == KEYCODE_APP_SWITCH:
        device.shade.collapse()
        device.activities.overview()
    elif code == KEYCODE_HOME:
        device.shade.collapse()
        device.activities.home()
    elif (written := character(code, meta)) is not None:
        device.screen.type(written)
    elif not device.screen.press(code) and code == KEYCODE_BACK and not device.keyguard.showing:
        device.activities.home()


def _turn_volume(device: Device, code: int) -> None:
    least, most = VOLUMES
    now = int(device.settings.get("system", "volume_music") or least)
    step = {KEYCODE_VOLUME_UP: 1, KEYCODE_VOLUME_DOWN: -1}.get(code, -now)
    device.settings.put("system", "volume_music", str(min(max(now + step, least), most)))
