"""What is drawn on the screen: a frame at the next vsync after anything in the window in front has changed.

A change only notes its time. Frames are worked out from those notes when somebody looks, or when enough have piled
up: what they are does not depend on who looks when.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from framework.virtual.android.frame import WINDOW_VISIBILITY_CHANGED, Cause, Frame, Renderer
from framework.virtual.android.jank import JankTracker
from framework.virtual.android.vsync import Vsync, panel_vsync

if TYPE_CHECKING:
    from framework.virtual.android.activities import ActivityRecord
    from framework.virtual.device import Device

HANDLER_NS = 120_000
"""From a change in another thread of the app to the UI thread's message that takes it up."""

AT_ONCE = 256
"""Changes that may pile up before their frames are worked out."""

RENDER_THREAD = ("RenderThread",)
KEPT_BY_HWUI = 120
KEPT_BY_COMPOSITOR = 127
"""Frames that each remembers of a window (libs/hwui/JankTracker.h, surfaceflinger FrameTracker.h)."""


@dataclass(eq=False)
class Surface:
    """The frames of one window, by the clock of `Vsync`. `drawn` is hwui's memory, `layer` the compositor's."""

    record: ActivityRecord
    renderer: Renderer
    jank: JankTracker
    changes: deque[Cause] = field(default_factory=deque)
    drawn: deque[Frame] = field(default_factory=lambda: deque(maxlen=KEPT_BY_HWUI))
    layer: deque[Frame] = field(default_factory=lambda: deque(maxlen=KEPT_BY_COMPOSITOR))
    on_its_way: deque[Frame] = field(default_factory=deque)

    def draw(self, vsync: Vsync, now_ns: int) -> list[Frame]:
        """Draw what has begun until now; the frames that came of it."""
        made = []
        while self.changes:
            first = self.changes[0].at_ns + HANDLER_NS
            intended = vsync.after(max(first, self.renderer.last_vsync_ns))
            begin = max(intended, self.renderer.ui_free_ns)
            if begin > now_ns:
                break
            made.append(self.renderer.draw(vsync, intended, self._take(begin - HANDLER_NS)))
        self.drawn += made
        self.layer += made
        self.on_its_way += made
        while self.on_its_way and self.on_its_way[0].present_ns <= now_ns:
            self.jank.finish(self.on_its_way.popleft())
        return made

    def _take(self, until_ns: int) -> Cause:
        """One frame shows all that changed before it was drawn."""
        last, flags = self.changes[0], 0
        while self.changes and self.changes[0].at_ns <= until_ns:
            last = self.changes.popleft()
            flags |= last.flags
        return Cause(last.at_ns, last.load, last.text_length, flags)


class Frames:
    """All windows of one handset."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._surfaces: dict[ActivityRecord, Surface] = {}
        self._shown = 0
        self._vsync = self._lit_panel()
        device.posture.listen(lambda _: self._panel_changed())

    @property
    def vsync(self) -> Vsync:
        """Of the panel that is lit."""
        return self._vsync

    def attach(self, record: ActivityRecord) -> None:
        """A window is there: draw it now, and again whenever it changes."""
        window = record.window
        assert window is not None
        chance = Random(f"{self._device.seed} {record.component} {record.task}")  # noqa: S311  # no secret
        surface = Surface(record, Renderer(chance), JankTracker(self._device.clock.monotonic_ns()))
        self._surfaces[record] = surface
        window.watcher = partial(self._changed, surface)
        self.shown(record)

    def detach(self, record: ActivityRecord) -> None:
        """The window is gone; the truth keeps what it has shown."""
        surface = self._surfaces.pop(record, None)
        if surface is not None:
            self._draw(surface)

    def shown(self, record: ActivityRecord) -> None:
        """The window has come to the front."""
        if record in self._surfaces:
            self._changed(self._surfaces[record], WINDOW_VISIBILITY_CHANGED)

    def hold(self, record: ActivityRecord, until_ns: int) -> None:
        """The app's UI thread does nothing until `until_ns` of boot time."""
        surface = self.surface(record)
        if surface is not None:
            surface.renderer.hold(until_ns - self._device.clock.slept_ns)

    def surface(self, record: ActivityRecord) -> Surface | None:
        """A window's frames until now."""
        surface = self._surfaces.get(record)
        if surface is not None:
            self._draw(surface)
        return surface

    def settle(self) -> None:
        """Work out the frames of all windows until now, and tell the truth of them."""
        for surface in self._surfaces.values():
            self._draw(surface)

    def shown_count(self) -> int:
        """How many frames have been shown since the handset was made."""
        self.settle()
        return self._shown

    def gpu_busy_ns(self, window_ns: int) -> int:
        """How long the GPU was at work on frames within the last `window_ns`."""
        self.settle()
        now_ns = self._device.clock.monotonic_ns()
        return sum(
            max(0, min(frame.gpu_completed_ns, now_ns) - max(frame.swap_ns, now_ns - window_ns))
            for surface in self._surfaces.values()
            for frame in surface.drawn
        )

    def _changed(self, surface: Surface, flags: int = 0) -> None:
        device, window = self._device, surface.record.window
        if window is None or surface.record not in device.windows.visible_activities:
            return
        now_ns = device.clock.now_ns()
        load = device.physics.cpus.running(now_ns) / device.profile.soc.cores
        surface.changes.append(Cause(now_ns - device.clock.slept_ns, load, window.text_length(), flags))
        if len(surface.changes) >= AT_ONCE:
            self._draw(surface)

    def _draw(self, surface: Surface) -> None:
        self._tell(surface, surface.draw(self._vsync, self._device.clock.monotonic_ns()))

    def _tell(self, surface: Surface, frames: Iterable[Frame]) -> None:
        slept_ns, process = self._device.clock.slept_ns, surface.record.process
        for frame in frames:
            self._shown += 1
            self._device.processes.spend(process, (), frame.ui_busy_ns)
            self._device.processes.spend(process, RENDER_THREAD, frame.render_busy_ns)
            self._device.truth.record(
                "frame",
                frame.present_ns + slept_ns,
                vsync_ns=frame.intended_vsync_ns + slept_ns,
                gpu_begun_ns=frame.swap_ns + slept_ns,
                gpu_completed_ns=frame.gpu_completed_ns + slept_ns,
                deadline_ns=frame.deadline_ns + slept_ns,
                text_length=frame.text_length,
                package=surface.record.package.name,
            )

    def _panel_changed(self) -> None:
        """The other panel is lit: what was drawn so far was for the one before."""
        self.settle()
        self._vsync = self._lit_panel()
        focused = self._device.activities.focused
        if focused is not None:
            self.shown(focused)

    def _lit_panel(self) -> Vsync:
        device = self._device
        panel = device.profile.display(device.posture.current.display)
        return panel_vsync(panel.refresh_hz, device.name, device.seed, panel.id)
