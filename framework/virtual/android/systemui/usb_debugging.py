"""The dialog "Allow USB debugging?" (AOSP SystemUI's UsbDebuggingActivity): words and ids as there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.android.systemui.parts import FRAME, LINEAR, PACKAGE, PANEL, button, whole, words
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window

if TYPE_CHECKING:
    from framework.virtual.adb.authority import Authority, Request
    from framework.virtual.device import Device

ACTIVITY = f"{PACKAGE}.usb.UsbDebuggingActivity"
TITLE = "Allow USB debugging?"
ALWAYS = "Always allow from this computer"
CHECK_BOX = "android.widget.CheckBox"


class UsbDebugging:
    """Shown for the computer that has waited longest, for as long as one waits."""

    def __init__(self, device: Device, authority: Authority) -> None:
        self._device, self._authority = device, authority
        self._always = False
        self._window = Window(PACKAGE, ACTIVITY, self._build, on_back=self._cancel, dims=True, translucent=True)
        authority.on_change = self._update

    @property
    def _request(self) -> Request | None:
        requests = self._authority.requests
        return requests[0] if requests else None

    def _update(self) -> None:
        dialogs = self._device.dialogs
        if self._request is not None and self._window not in dialogs:
            self._always = False
            dialogs.append(self._window)
        elif self._request is None and self._window in dialogs:
            dialogs.remove(self._window)
        self._window.changed()

    def _cancel(self) -> None:
        self._answer(allow=False)

    def _answer(self, *, allow: bool) -> None:
        if (request := self._request) is not None:
            always, self._always = self._always, False
            self._authority.answer(allow=allow, always=always, fingerprint=request.key.fingerprint)

    def _tick(self) -> None:
        self._always = not self._always
        self._window.changed()

    # -- how it looks ------------------------------------------------------------------------------------------

    def _build(self, display: Display) -> Node:
        wide, tall, edge = min(display.width - display.px(48), display.px(360)), display.px(260), display.px(20)
        left, top = (display.width - wide) // 2, (display.height - tall) // 2
        box = Bounds(left, top, left + wide, top + tall)

        def row(at: int, height: int) -> Bounds:
            return Bounds(box.left + edge, top + display.px(at), box.right - edge, top + display.px(at + height))

        fingerprint = self._request.key.fingerprint if self._request is not None else ""
        said = f"The computer's RSA key fingerprint is:\n{fingerprint}"
        title = words(display, "title", "android:id/alertTitle", TITLE, row(8, 48), size_dp=18)
        message = words(display, "message", "android:id/message", said, row(60, 76), size_dp=14)
        children = (title, message, self._check_box(display, row(140, 44)), *self._buttons(display, row(196, 48)))
        style = Style(fill=PANEL, radius=display.px(20))
        panel = Node("panel", LINEAR, box, "android:id/parentPanel", children=children, style=style)
        return Node("root", FRAME, whole(display), children=(panel,))

    def _check_box(self, display: Display, area: Bounds) -> Node:
        label = f"{'☑' if self._always else '☐'} {ALWAYS}"
        shown = words(display, "shown", "", label, area).style
        name, on = f"{PACKAGE}:id/alwaysUse", self._always
        return Node(
            "always", CHECK_BOX, area, name, ALWAYS, checkable=True, checked=on, on_click=self._tick, style=shown
        )

    def _buttons(self, display: Display, area: Bounds) -> tuple[Node, Node]:
        middle, gap = area.center[0], display.px(4)
        cancel = Bounds(area.left, area.top, middle - gap, area.bottom)
        allow = Bounds(middle + gap, area.top, area.right, area.bottom)
        return (
            button(display, "cancel", "android:id/button2", "Cancel", cancel, self._cancel),
            button(display, "allow", "android:id/button1", "Allow", allow, partial(self._answer, allow=True)),
        )
