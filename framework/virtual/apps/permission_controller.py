"""The dialog that asks the user for a runtime permission.

Resource ids and words as in AOSP's PermissionController (grant_permissions.xml, strings.xml).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from framework.virtual.android.permission_names import ONE_TIME, USER_FIXED, USER_SET
from framework.virtual.android.systemui.parts import FRAME, INK, LINEAR, PANEL, button, whole, words
from framework.virtual.apps.base import App, AppContext, Intent
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window

if TYPE_CHECKING:
    from framework.virtual.android.permissions import Request

_ASKS: Final[Mapping[str, str]] = {
    "RECORD_AUDIO": "record audio",
    "CAMERA": "take pictures and record video",
    "POST_NOTIFICATIONS": "send you notifications",
    "READ_EXTERNAL_STORAGE": "access photos and media on your device",
    "ACCESS_FINE_LOCATION": "access this device’s location",
}
_IN_USE_ONLY: Final = ("RECORD_AUDIO", "CAMERA", "ACCESS_FINE_LOCATION")
"""Permissions that are granted while the app is in use, or just this time."""

Choice = tuple[str, str, bool, tuple[str, ...]]
"""Resource id, label, whether it grants, the flags that it leaves."""


class GrantPermissions(App):
    """Over the app that asks, which stays visible."""

    package: ClassVar[str] = "com.android.permissioncontroller"
    main_class: ClassVar[str] = "com.android.permissioncontroller.permission.ui.GrantPermissionsActivity"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._window = Window(
            self.package, self.main_class, self._build, on_back=self._cancel, translucent=True, dims=True
        )

    @property
    def window(self) -> Window:
        return self._window

    def on_start(self, intent: Intent) -> None:
        """Without a request there is nothing to ask: the user started it, or whoever asked is gone."""
        if self._request is None:
            self.context.device.activities.finish(self)
        self._window.changed()

    @property
    def _request(self) -> Request | None:
        asked = self.context.device.permissions.asked
        return asked[0] if asked else None

    def _cancel(self) -> None:
        """Neither allowed nor denied: the app may ask again."""
        self._answer(granted=False, flags=())

    def _answer(self, *, granted: bool, flags: tuple[str, ...]) -> None:
        request = self._request
        self.context.device.activities.finish(self)
        if request is not None:
            self.context.device.permissions.answered(request, granted, flags)

    # -- how it looks ------------------------------------------------------------------------------------------

    def _build(self, display: Display) -> Node:
        request = self._request
        wide = min(display.width - display.px(32), display.px(400))
        left = (display.width - wide) // 2
        choices = self._choices(request) if request is not None else ()
        tall = display.px(120) + len(choices) * display.px(60) + display.px(24)
        top = (display.height - tall) // 2
        box = Bounds(left, top, left + wide, top + tall)
        children = self._message(display, box, request), *self._buttons(display, box, choices)
        style = Style(fill=PANEL, radius=display.px(24))
        dialog = Node("grant_dialog", LINEAR, box, self._id("grant_dialog"), children=children, style=style)
        singleton = Node("grant_singleton", FRAME, whole(display), self._id("grant_singleton"), children=(dialog,))
        return Node("root", FRAME, whole(display), children=(singleton,))

    def _message(self, display: Display, box: Bounds, request: Request | None) -> Node:
        text = ""
        if request is not None:
            package = self.context.device.packages.get(request.app.package)
            label = (package.label if package is not None else None) or request.app.package
            text = f"Allow {label} to {_ASKS.get(_short(request), 'do this')}?"
        area = Bounds(box.left, box.top, box.right, box.top + display.px(136)).inset(display.px(24), display.px(24))
        return words(display, "message", self._id("permission_message"), text, area, size_dp=18, color=INK)

    def _buttons(self, display: Display, box: Bounds, choices: tuple[Choice, ...]) -> list[Node]:
        tall, gap, margin = display.px(52), display.px(8), display.px(24)
        nodes = []
        for number, (name, label, granted, flags) in enumerate(choices):
            top = box.top + display.px(120) + number * (tall + gap)
            area = Bounds(box.left + margin, top, box.right - margin, top + tall)
            tap: Callable[[], None] = partial(self._answer, granted=granted, flags=flags)
            nodes.append(button(display, name, self._id(name), label, area, tap))
        return nodes

    def _choices(self, request: Request) -> tuple[Choice, ...]:
        """Asked a second time, a denial is for good."""
        package = self.context.device.packages.get(request.app.package)
        before = package is not None and any(
            USER_SET in package.permission_flags.get(name, ()) for name in request.permissions
        )
        deny: Choice = (
            ("permission_deny_and_dont_ask_again_button", "Don’t allow", False, (USER_SET, USER_FIXED))
            if before
            else ("permission_deny_button", "Don’t allow", False, (USER_SET,))
        )
        if _short(request) not in _IN_USE_ONLY:
            return ("permission_allow_button", "Allow", True, (USER_SET,)), deny
        return (
            ("permission_allow_foreground_only_button", "While using the app", True, (USER_SET,)),
            ("permission_allow_one_time_button", "Only this time", True, (USER_SET, ONE_TIME)),
            deny,
        )

    def _id(self, name: str) -> str:
        return f"{self.package}:id/{name}"


def _short(request: Request) -> str:
    return request.permissions[0].rpartition(".")[2]
