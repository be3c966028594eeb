"""AdbKeyboard of com.github.uiautomator: an input method that writes what broadcasts tell it.

The Python client uiautomator2 installs it where it has text to write; the actions are those that it sends.
"""

from __future__ import annotations

import base64
import binascii
from typing import ClassVar

from framework.virtual.android import input_methods
from framework.virtual.android.keys import keycode, press_key
from framework.virtual.apps.base import AppContext, Intent, Reply
from framework.virtual.apps.helper import CANCELED, OK, Helper
from framework.virtual.ui.screen import KEYCODE_ENTER

PACKAGE = "com.github.uiautomator"
METHOD = f"{PACKAGE}/.AdbKeyboard"


class AdbKeyboard(Helper):
    """It takes the broadcasts while it is the current input method."""

    package: ClassVar[str] = PACKAGE
    main_class: ClassVar[str] = f"{PACKAGE}.MainActivity"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.takes = {
            f"ADB_KEYBOARD_{name}": take
            for name, take in (
                ("INPUT_TEXT", self._input),
                ("SET_TEXT", self._set),
                ("CLEAR_TEXT", self._clear),
                ("INPUT_KEYCODE", self._key),
                ("EDITOR_CODE", self._enter),
                ("SMART_ENTER", self._enter),
                ("GET_CLIPBOARD", self.read_clipboard),
                ("HIDE", self._hide),
            )
        }

    @property
    def actions(self) -> frozenset[str]:
        in_use = input_methods.current(self.context.device) == METHOD
        return super().actions if in_use else frozenset()

    def on_start(self, intent: Intent) -> None:
        """Its activity shows what it is for, and nothing more."""

    # -- what is asked for -------------------------------------------------------------------------------------

    def _input(self, intent: Intent) -> Reply:
        text = _text(intent)
        return _done(text is not None and self.context.device.screen.type(text))

    def _set(self, intent: Intent) -> Reply:
        text = _text(intent)
        return _done(text is not None and self.context.device.screen.replace(text))

    def _clear(self, intent: Intent) -> Reply:
        return _done(self.context.device.screen.replace(""))

    def _key(self, intent: Intent) -> Reply:
        code = keycode(str(intent.extras.get("code", "")))
        if code is not None:
            press_key(self.context.device, code)
        return _done(code is not None)

    def _enter(self, intent: Intent) -> Reply:
        """Every action of an editor is the Enter key's here."""
        return _done(self.context.device.screen.press(KEYCODE_ENTER))

    def _hide(self, intent: Intent) -> Reply:
        self.context.device.keyboard.hide()
        return _done(True)


def _text(intent: Intent) -> str | None:
    """What the extra `text` says in base64; None for anything else."""
    try:
        return base64.b64decode(intent.text("text") or "", validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def _done(done: bool) -> Reply:
    return Reply(OK, "success") if done else Reply(CANCELED, "fail")
