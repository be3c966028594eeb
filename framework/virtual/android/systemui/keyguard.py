"""The lock screen: there when the screen goes on again, gone by a swipe, or by the secret if there is one.

Resource ids as in AOSP's SystemUI (keyguard_pin_view.xml, keyguard_password_view.xml, keyguard_bottom_area.xml).
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.android.systemui.credentials import Credential
from framework.virtual.android.systemui.parts import (
    EDIT_TEXT,
    FRAME,
    MOON,
    NIGHT,
    PACKAGE,
    Pull,
    button,
    whole,
    words,
)
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window

if TYPE_CHECKING:
    from framework.virtual.device import Device

TITLE = "NotificationShade"
"""Of the window that the lock screen is drawn in (NotificationShadeWindowControllerImpl)."""

SWIPE_DP = 96
"""How far up a finger dismisses it."""

ENTRY = "entry"
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "delete", "0", "enter")
_BUTTON_DP = 64


class Keyguard:
    """Of one handset. `showing` is whether it covers the screen, `bouncer` whether it asks for the secret."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.credential: Credential | None = None
        self.disabled = False
        self.showing = False
        self.bouncer = False
        self._entry = ""
        self._message = ""
        self._pull = Pull(device, SWIPE_DP)
        self.window = Window(PACKAGE, "", self._build, on_back=self._back, title=TITLE, focus=self._focused_key)

    @property
    def secure(self) -> bool:
        return self.credential is not None

    @property
    def locked(self) -> bool:
        """Whether nobody gets in without the secret."""
        return self.showing and self.secure

    def screen_off(self) -> None:
        """The power key locks at once; unless the lock screen is none."""
        self.showing = self.showing or self.secure or not self.disabled
        self.bouncer = False
        self._forget()

    def booted(self) -> None:
        """It is there after a start, unless it is none."""
        self.showing, self.bouncer = self.secure or not self.disabled, False
        self._forget()

    def dismiss(self) -> None:
        """A swipe up, or `wm dismiss-keyguard`: gone, or else asking for the secret."""
        if self.secure:
            self.bouncer = self.showing
            self._forget()
        else:
            self.hide()

    def hide(self) -> None:
        if self.showing:
            self.showing = self.bouncer = False
            self._forget()
            self._device.screen_changed()

    def enter(self, secret: str) -> bool:
        """Try a secret; whether it was the one."""
        if self.credential is None or self.credential.matches(secret):
            self.hide()
            return True
        self._entry, self._message = "", f"Wrong {'PIN' if self.credential.kind == 'pin' else self.credential.kind}"
        self._changed()
        return False

    # -- how it looks ------------------------------------------------------------------------------------------

    def _focused_key(self) -> str | None:
        return ENTRY if self.bouncer else None

    def _build(self, display: Display) -> Node:
        children = self._bouncer(display) if self.bouncer else self._clock(display)
        root = whole(display)
        scroll = None if self.bouncer else self._swiped
        style = Style(fill=NIGHT)
        return Node("root", FRAME, root, children=children, on_scroll=scroll, gesture=True, style=style)

    def _clock(self, display: Display) -> tuple[Node, ...]:
        width, height = display.width, display.height
        clock = time.strftime("%H:%M", time.gmtime(self._device.clock.wall_ns() // 10**9))
        box = Bounds(0, height // 8, width, height // 8 + display.px(96))
        hint = Bounds(0, height - display.px(96), width, height - display.px(56))
        return (
            words(display, "clock", _id("lockscreen_clock_view"), clock, box, size_dp=64, color=MOON),
            words(display, "hint", _id("keyguard_indication_text"), "Swipe up to unlock", hint, size_dp=14, color=MOON),
        )

    def _bouncer(self, display: Display) -> tuple[Node, ...]:
        assert self.credential is not None
        kind, width = self.credential.kind, display.width
        top = display.height // 6
        message = Bounds(0, top, width, top + display.px(40))
        prompt = self._message or {"pin": "Enter PIN", "password": "Enter password"}.get(kind, "Draw pattern")
        said = words(display, "message", _id("keyguard_message_area"), prompt, message, color=MOON)
        if kind == "pattern":
            side = min(width, display.height // 2) - display.px(48)
            grid = Bounds((width - side) // 2, message.bottom, (width + side) // 2, message.bottom + side)
            return (said, Node("grid", "android.view.View", grid, _id("lockPatternView"), content_desc="Pattern area"))
        field = Bounds(width // 5, message.bottom, width - width // 5, message.bottom + display.px(56))
        entry = self._field(display, field, "pinEntry" if kind == "pin" else "passwordEntry")
        return (said, entry, *(self._pad(display, field.bottom) if kind == "pin" else ()))

    def _field(self, display: Display, area: Bounds, name: str) -> Node:
        size = display.px(20)
        dots = "•" * len(self._entry)
        origin = (area.left, area.center[1] - size // 2)
        style = Style(
            fill=NIGHT,
            outline=MOON,
            color=MOON,
            size=size,
            lines=(dots,) if dots else (),
            origin=origin,
            align="center",
        )
        return Node(
            ENTRY,
            EDIT_TEXT,
            area,
            _id(name),
            text=self._entry,
            password=True,
            on_text=self._type,
            on_enter=self._try,
            style=style,
        )

    def _pad(self, display: Display, top: int) -> tuple[Node, ...]:
        side, gap = display.px(_BUTTON_DP), display.px(16)
        left = display.width // 2 - (3 * side + 2 * gap) // 2
        keys = []
        for number, name in enumerate(_KEYS):
            x, y = left + number % 3 * (side + gap), top + gap + number // 3 * (side + gap)
            resource = {"delete": "delete_button", "enter": "key_enter"}.get(name, f"key{name}")
            area = Bounds(x, y, x + side, y + side)
            keys.append(button(display, resource, _id(resource), name, area, partial(self._key, name)))
        return tuple(keys)

    # -- what is done to it ------------------------------------------------------------------------------------

    def _swiped(self, pixels: int) -> None:
        if self._pull.by(pixels):
            self.dismiss()

    def _back(self) -> None:
        self.bouncer = False
        self._forget()

    def _key(self, name: str) -> None:
        if name == "enter":
            self._try()
        elif name == "delete":
            self._type(self._entry[:-1])
        else:
            self._type(self._entry + name)

    def _type(self, text: str) -> None:
        """A PIN of four digits or more is tried by Enter, like a password."""
        self._entry, self._message = text, ""
        self._changed()

    def _try(self) -> None:
        self.enter(self._entry)

    def _forget(self) -> None:
        self._entry = self._message = ""
        self._changed()

    def _changed(self) -> None:
        self.window.changed()


def _id(name: str) -> str:
    return f"{PACKAGE}:id/{name}"
