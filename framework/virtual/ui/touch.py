"""Fingers on the glass: down, moving, up, in device time; what lies under them follows, is tapped or held.

Times and distances of android.view.ViewConfiguration.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.clock import Timer
    from framework.virtual.device import Device

SLOP_DP = 8
"""How far a finger may move and still tap (TOUCH_SLOP)."""

LONG_PRESS_NS = 400_000_000
"""DEFAULT_LONG_PRESS_TIMEOUT"""

TAP_NS = 20_000_000

Point = tuple[int, int]


@dataclass(slots=True)
class Finger:
    """Where it came down and where it is; `spent` once its gesture is no tap any more."""

    down: Point
    at: Point
    spent: bool = False
    dragging: bool = False
    holding: Timer | None = None


class Touch:
    """The fingers on one handset. A dark screen feels nothing."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._fingers: dict[Hashable, Finger] = {}
        self.strokes_begun = 0
        """How often a finger has come down: what was pulled by an earlier one is let go."""

    def down(self, pointer: Hashable, at: Point) -> None:
        """A finger comes down; with a second one, neither taps."""
        device = self._device
        self.strokes_begun += 1
        finger = Finger(at, at)
        for other in self._fingers.values():
            self._spend(other)
        finger.spent = bool(self._fingers)
        self._fingers[pointer] = finger
        if not finger.spent:
            due_ns = device.clock.now_ns() + LONG_PRESS_NS
            finger.holding = device.clock.at(due_ns, lambda _: self._held(finger))

    def move(self, pointer: Hashable, to: Point) -> None:
        """It moves to a place; beyond the slop, what scrolls under it follows, one finger only."""
        finger = self._fingers.get(pointer)
        if finger is None:
            return
        before, finger.at = finger.at, to
        if not finger.dragging and not self._beyond(finger):
            return
        if not finger.dragging:
            before, finger.dragging = finger.down, True
            self._spend(finger)
        if len(self._fingers) == 1 and self._device.power.awake:
            origin = finger.down
            self._device.screen.swipe(origin, (origin[0] + to[0] - before[0], origin[1] + to[1] - before[1]))

    def up(self, pointer: Hashable) -> None:
        """It leaves; where it did not move, that is a tap."""
        finger = self._fingers.pop(pointer, None)
        if finger is None:
            return
        spent = finger.spent
        self._spend(finger)
        if not spent and self._device.power.awake:
            self._device.screen.tap(*finger.down)

    def cancel(self) -> None:
        """All fingers are gone, and nothing was meant."""
        for finger in self._fingers.values():
            self._spend(finger)
        self._fingers.clear()

    def is_down(self, pointer: Hashable) -> bool:
        return pointer in self._fingers

    # -- whole gestures ----------------------------------------------------------------------------------------

    async def press(self, at: Point, duration_ns: int = TAP_NS) -> None:
        """Down, and up again after a while."""
        gesture = object()
        self.down(gesture, at)
        try:
            await self._device.clock.sleep(duration_ns)
        finally:
            self.up(gesture)

    async def strokes(self, ways: Sequence[tuple[Point, Point]], duration_ns: int, *, hold_ns: int = 0) -> None:
        """Fingers that come down together, each at its start, stay for `hold_ns`, and move evenly to their ends."""
        fingers = [(object(), start, end) for start, end in ways]
        for pointer, start, _ in fingers:
            self.down(pointer, start)
        try:
            if hold_ns:
                await self._device.clock.sleep(hold_ns)
            await self.glide(fingers, duration_ns)
        finally:
            for pointer, _, _ in fingers:
                self.up(pointer)

    async def glide(self, fingers: Sequence[tuple[Hashable, Point, Point]], duration_ns: int) -> None:
        """Fingers move evenly from one place to another, a step for each frame."""
        device = self._device
        begun_ns = device.clock.now_ns()
        steps = max(1, duration_ns // device.frames.vsync.period_ns)
        for step in range(1, steps + 1):
            await device.clock.sleep_until(begun_ns + duration_ns * step // steps)
            for pointer, (x, y), (to_x, to_y) in fingers:
                self.move(pointer, (x + (to_x - x) * step // steps, y + (to_y - y) * step // steps))

    # -- how ---------------------------------------------------------------------------------------------------

    def _beyond(self, finger: Finger) -> bool:
        slop = self._device.screen.display.px(SLOP_DP)
        return max(abs(finger.at[0] - finger.down[0]), abs(finger.at[1] - finger.down[1])) > slop

    def _held(self, finger: Finger) -> None:
        """Long enough in one place: a long click, if anything there takes it; else it is still a tap."""
        if not finger.spent and self._device.power.awake and self._device.screen.long_press(*finger.down):
            self._spend(finger)

    def _spend(self, finger: Finger) -> None:
        finger.spent = True
        if finger.holding is not None:
            finger.holding.cancel()
            finger.holding = None
