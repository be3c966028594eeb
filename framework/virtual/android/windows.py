"""The window manager: which windows are on the display, and which of them has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.android.tokens import token

if TYPE_CHECKING:
    from framework.virtual.android.activities import ActivityRecord
    from framework.virtual.device import Device
    from framework.virtual.ui.tree import Window


class WindowManager:
    """Computed from the activities and the system's own windows: there is no second truth to keep in step."""

    def __init__(self, device: Device) -> None:
        self._device = device

    @property
    def focused(self) -> Window | None:
        """The window that gets the keys, and that accessibility sees (mCurrentFocus)."""
        over = self._modal
        return over[-1] if over else None

    @property
    def layers(self) -> tuple[Window, ...]:
        """What can be seen, the lowest first. Dark, there is at most the lock screen."""
        device, modal = self._device, self._modal
        if device.keyguard.showing or device.shade.expanded or not device.power.awake:
            return modal
        keyboard = (device.keyboard.window,) if device.keyboard.shown else ()
        return (*modal, *keyboard, device.shade.status_bar, device.shade.navigation_bar)

    @property
    def _modal(self) -> tuple[Window, ...]:
        """Those that can have the focus."""
        device = self._device
        if device.keyguard.showing:
            return (device.keyguard.window,)
        if not device.power.awake:
            return ()
        activities = tuple(record.window for record in reversed(self.visible_activities) if record.window is not None)
        shade = (device.shade.window,) if device.shade.expanded else ()
        return (*activities, *device.dialogs, *shade)

    @property
    def visible_activities(self) -> tuple[ActivityRecord, ...]:
        """The activity in front and those that show through it, the one in front first; none behind a lock screen."""
        device = self._device
        if device.keyguard.showing or not device.power.awake:
            return ()
        seen = []
        for record in device.activities.stack:
            if record.window is None:
                continue
            seen.append(record)
            if not record.window.translucent:
                break
        return tuple(seen)

    @property
    def resumed(self) -> ActivityRecord | None:
        """The activity that runs in front (topResumedActivity)."""
        visible = self.visible_activities
        return visible[0] if visible else None

    def text(self, window: Window | None) -> str:
        """WindowState.toString(): an activity's window has its component as title."""
        if window is None:
            return "null"
        title = window.title or f"{window.package}/{window.activity}"
        return f"Window{{{token('window', title, self._task(window))} u0 {title}}}"

    def _task(self, window: Window) -> int:
        records = (record for record in self._device.activities.stack if record.window is window)
        return next((record.task for record in records), 0)
