"""The dialogs that tell of an app that keeps crashing or does not respond (AOSP AppErrors.java, AppErrorDialog.java).

Resource ids and words as in framework-res (app_error_dialog.xml, app_anr_dialog.xml).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.android.exits import Reason
from framework.virtual.android.systemui.parts import FRAME, LINEAR, PANEL, button, whole, words
from framework.virtual.apps.base import Intent
from framework.virtual.ui.tree import Bounds, Display, Node, Style, Window

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

AGAIN_NS = 60_000_000_000
"""Within this time a second crash is one of an app that keeps crashing (process_crash_interval)."""

Choice = tuple[str, str, Callable[[], None]]
"""Resource id, label, what it does."""


class ErrorDialogs:
    """Of one handset; none are shown while the lock screen is, or where `hide_error_dialogs` says so."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._crashed_ns: dict[str, int] = {}
        self._not_responding: dict[int, Window] = {}

    def crashed(self, process: Process) -> None:
        """A first crash goes by without a dialog, unless the developer options say otherwise."""
        now_ns = self._device.clock.now_ns()
        before = self._crashed_ns.get(process.name)
        self._crashed_ns[process.name] = now_ns
        again = before is not None and now_ns - before < AGAIN_NS
        first_too = self._device.settings.get("global", "show_first_crash_dialog") == "1"
        if not again and not first_too:
            return
        label = self._label(process.name)
        said = f"{label} keeps stopping" if again else f"{label} has stopped"
        open_again: Choice = ("aerr_restart", "Open app again", partial(self._open, process.name))
        choices = () if again else (open_again,)
        self._show(f"Application Error: {process.name}", said, (*choices, ("aerr_close", "Close app", lambda: None)))

    def not_responding(self, process: Process) -> None:
        """There until the user chooses, or the app responds again; where no dialog can be shown, the app is killed."""
        close = partial(self._device.activities.killed, process, Reason.ANR, "user request after error")
        choices = (
            ("aerr_close", "Close app", close),
            ("aerr_wait", "Wait", lambda: None),
        )
        said = f"{self._label(process.name)} isn't responding"
        window = self._show(f"Application Not Responding: {process.name}", said, choices)
        if window is None:  # AppErrors.handleShowAnrUi
            close()
            return
        self._not_responding[process.pid] = window
        process.on_exit.append(lambda _: self.responding(process))

    def responding(self, process: Process) -> None:
        """It does again, or it is gone."""
        window = self._not_responding.pop(process.pid, None)
        if window is not None:
            self._close(window)

    # -- how ---------------------------------------------------------------------------------------------------

    def _label(self, name: str) -> str:
        package = self._device.packages.get(name)
        return (package.label if package is not None else None) or name

    def _open(self, name: str) -> None:
        self._device.activities.start(Intent(package=name), uid=1000)

    def _show(self, title: str, said: str, choices: Sequence[Choice]) -> Window | None:
        device = self._device
        hidden = device.settings.get("global", "hide_error_dialogs") == "1"
        if hidden or device.keyguard.showing or not device.power.awake:
            return None
        window = Window("android", "", lambda display: Node("root", FRAME, whole(display)), title=title, dims=True)
        window.build = lambda display: self._build(display, window, said, choices)
        device.dialogs.append(window)
        return window

    def _close(self, window: Window) -> None:
        """The app was seen all the time: it does not draw itself anew."""
        if window in self._device.dialogs:
            self._device.dialogs.remove(window)

    def _choose(self, window: Window, act: Callable[[], None]) -> None:
        self._close(window)
        act()

    def _build(self, display: Display, window: Window, said: str, choices: Sequence[Choice]) -> Node:
        wide, row = min(display.width - display.px(48), display.px(360)), display.px(56)
        left, tall = (display.width - wide) // 2, display.px(88) + len(choices) * row
        box = Bounds(left, (display.height - tall) // 2, left + wide, (display.height + tall) // 2)
        title = Bounds(box.left, box.top, box.right, box.top + display.px(72)).inset(display.px(20), display.px(8))
        children = [words(display, "title", "android:id/alertTitle", said, title, size_dp=18)]
        for number, (name, label, act) in enumerate(choices):
            top = box.top + display.px(76) + number * row
            area = Bounds(box.left, top, box.right, top + row).inset(display.px(20), display.px(4))
            tap = partial(self._choose, window, act)
            children.append(button(display, name, f"android:id/{name}", label, area, tap))
        style = Style(fill=PANEL, radius=display.px(20))
        panel = Node("panel", LINEAR, box, "android:id/parentPanel", children=tuple(children), style=style)
        return Node("root", FRAME, whole(display), children=(panel,))
