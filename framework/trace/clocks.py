"""The handset's clocks on one axis: host time before and after joined, its wall and monotonic clocks watched.

Linux (kernel/time/timekeeping.c) runs the wall clock, the monotonic and the boot-time clock off one counter. Wall
time differs from boot time by what somebody has set; monotonic time by the time that the handset has slept.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from framework.contract.trace import ClockFit, ClockSegment, DeviceClocks, Instant
from framework.handset.clock import PLAUSIBLE_PPM
from framework.trace.tube import SLEW_PPM, Reading, Tube

NS_PER_MS = 1_000_000
WANDER_PPM = 2.0
"""By how much their difference changes with temperature during one recording."""

WALL_STEP_NS = 1_000
"""$EPOCHREALTIME is cut off to microseconds."""

REACH_NS = 10_000_000_000
"""How far from its readings a clock is still mapped, with a bound that grows by `SLEW_PPM`."""

LATE_NS = 1_000_000_000
"""How late a reading may be told. Uptime that went back further, and below half of what it was, began anew."""

NEAR_NS = 100 * NS_PER_MS
"""Readings of a time that lie closer together than this are one with a wide bound."""


def joined(before: ClockFit, after: ClockFit) -> ClockFit:
    """One mapping for the time between two measurements, with the drift between them.

    Its bound covers every time from the first to the second measurement: on the way from one to the other the error
    of a straight line is a mean of both errors, so no more than the larger. Where no drift that crystals can have
    explains the two (an emulator that slipped, a host that slept), the bound holds all that either measurement allows.
    """
    elapsed_ns = (after.since_host_ns - before.since_host_ns) * before.scale
    if elapsed_ns <= 0 or _unexplained_ns(before, after) > 0:
        low = min(before.offset_ns - before.bound_ns, after.offset_ns - after.bound_ns)
        high = max(before.offset_ns + before.bound_ns, after.offset_ns + after.bound_ns)
        return ClockFit((low + high) // 2, (high - low + 1) // 2, before.scale, 0.0, before.since_host_ns)
    drift_ppm = (after.offset_ns - before.offset_ns) / elapsed_ns * 1e6
    wander_ns = elapsed_ns * WANDER_PPM / 1e6 / 2
    bound_ns = max(before.bound_ns, after.bound_ns) + round(wander_ns) + 1
    return ClockFit(before.offset_ns, bound_ns, before.scale, drift_ppm, before.since_host_ns)


def clock_jump(before: ClockFit, after: ClockFit) -> Instant | None:
    """That the handset's boot-time clock has jumped against the host's between two measurements; when is not known."""
    if _unexplained_ns(before, after) <= 0:
        return None
    start_ns, end_ns = before.device_ns(before.since_host_ns), after.device_ns(after.since_host_ns)
    moved_ms = (after.offset_ns - before.offset_ns) / NS_PER_MS
    bound_ms = (before.bound_ns + after.bound_ns) / NS_PER_MS
    text = f"its clock moved by {moved_ms:+.3f} ms (±{bound_ms:.3f}) against the host's"
    kind = "clock_step" if before.scale == 1 else "emulator"
    return Instant(kind, text, (start_ns + end_ns) // 2, abs(end_ns - start_ns) // 2)


def _unexplained_ns(before: ClockFit, after: ClockFit) -> float:
    """By how much the offsets differ beyond their bounds and a plausible drift."""
    elapsed_ns = abs(after.since_host_ns - before.since_host_ns) * before.scale
    allowed = before.bound_ns + after.bound_ns + elapsed_ns * PLAUSIBLE_PPM / 1e6
    return abs(after.offset_ns - before.offset_ns) - allowed


class Mapped(NamedTuple):
    """A boot time; the true one lies within ± `bound_ns`."""

    device_ns: int
    bound_ns: int


def boot_ns(
    segments: Sequence[ClockSegment],
    other_ns: int,
    *,
    not_before: int | None = None,
    not_after: int | None = None,
) -> Mapped | None:
    """The boot time at which another clock of the handset showed `other_ns`.

    None where no segment reaches it, and where it is ambiguous: a clock that was set back shows the same times twice.
    `not_before` and `not_after` are boot times that the order of things allows, such as those of the lines around.
    """
    found = []
    for segment in reaching(segments, other_ns, not_before=not_before, not_after=not_after):
        at, bound = other_ns + segment.offset_ns, _bound_at(segment, other_ns)
        found.append((at - bound, at + bound))
    if not found:
        return None
    low, high = min(low for low, _ in found), max(high for _, high in found)
    widest = max(high - low for low, high in found)
    if high - low > 2 * (NEAR_NS + widest):
        return None
    return Mapped((low + high) // 2, (high - low + 1) // 2)


def reaching(
    segments: Sequence[ClockSegment],
    other_ns: int,
    *,
    not_before: int | None = None,
    not_after: int | None = None,
) -> list[ClockSegment]:
    """The segments in which another clock may have shown `other_ns`; the first and the last reach out `REACH_NS`."""
    found = []
    for index, segment in enumerate(segments):
        at, bound = other_ns + segment.offset_ns, _bound_at(segment, other_ns)
        earliest = segment.start_ns - (REACH_NS if index == 0 else 0) - bound
        latest = segment.end_ns + (REACH_NS if index == len(segments) - 1 else 0) + bound
        early = not_before is not None and at + bound < not_before
        late = not_after is not None and at - bound > not_after
        if earliest <= at <= latest and not early and not late:
            found.append(segment)
    return found


def _bound_at(segment: ClockSegment, other_ns: int) -> int:
    """Its bound, and outside of it what the clock may have been slewed since."""
    at = other_ns + segment.offset_ns
    outside = max(segment.start_ns - at, at - segment.end_ns, 0)
    return segment.bound_ns + outside * SLEW_PPM // 1_000_000


class ClockWatch:
    """Follows the wall and the monotonic clock by readings taken while a recording runs; notices steps and reboots.

    A step is noticed as soon as two readings contradict each other; one that is smaller than the width of a reading
    (some 10 ms) may stay unnoticed. After a reboot the axis is another: nothing more is taken in.
    """

    def __init__(self) -> None:
        self._wall = [Tube()]
        self._zones: list[tuple[int, int]] = []
        """Between which boot times each step lies."""
        self._monotonic: list[tuple[int, int]] = []
        self._instants: list[Instant] = []
        self._boot_id: str | None = None
        self._last_ns: int | None = None
        self._rebooted = False

    def reading(self, boot_low_ns: int, wall_ns: int, boot_high_ns: int) -> None:
        """The wall clock showed `wall_ns` (cut off to µs) when boot time was in [boot_low_ns, boot_high_ns)."""
        if not self._alive(boot_high_ns) or boot_low_ns < (self._last_ns or 0):
            return
        self._last_ns = boot_low_ns
        low, high = boot_low_ns - wall_ns - WALL_STEP_NS, boot_high_ns - wall_ns
        taken = Reading(boot_low_ns, boot_high_ns, low, high)
        if not self._wall[-1].take(taken):
            self._step(taken)

    def monotonic(self, uptime_ms: int, realtime_ms: int) -> None:
        """A header of `dumpsys gfxinfo` or `meminfo`: monotonic and boot time, read one after the other.

        Dumps come over streams of their own: one may arrive after later readings of the wall clock.
        """
        if not self._rebooted:
            insort(self._monotonic, (uptime_ms, realtime_ms), key=lambda reading: reading[1])

    def booted(self, boot_id: str) -> None:
        """/proc/sys/kernel/random/boot_id, which is another after each boot."""
        if self._boot_id not in (None, boot_id):
            self._reboot("its boot_id changed")
        self._boot_id = self._boot_id or boot_id

    def clocks(self) -> DeviceClocks:
        wall: list[ClockSegment] = []
        for tube, before, after in zip(self._wall, [None, *self._zones], [*self._zones, None], strict=True):
            start_ns = None if before is None else before[0]
            end_ns = None if after is None else after[1]
            wall += tube.segments(start_ns, end_ns)
        return DeviceClocks(tuple(wall), _monotonic_segments(self._monotonic))

    def instants(self) -> tuple[Instant, ...]:
        """Clock steps and reboots, in the order noticed."""
        return tuple(self._instants)

    def _step(self, taken: Reading) -> None:
        """`taken` contradicts those before: the step lies after the last of them that contradicts it."""
        old, new = self._wall[-1], Tube()
        new.take(taken)
        old.cut(new)
        last = old.last
        zone = (last.boot_low_ns, taken.boot_high_ns)
        self._zones.append(zone)
        self._wall.append(new)
        moved_ns = (sum(old.now) - sum(new.now)) / 2
        open_ns = (new.now[1] - new.now[0] + old.now[1] - old.now[0]) / 2
        bound_ns = open_ns + (zone[1] - zone[0]) * SLEW_PPM / 1e6
        text = f"the wall clock was set by {moved_ns / NS_PER_MS:+.1f} ms (±{bound_ns / NS_PER_MS:.1f})"
        self._instants.append(Instant("clock_step", text, sum(zone) // 2, (zone[1] - zone[0] + 1) // 2))

    def _alive(self, boot_high_ns: int) -> bool:
        """What is only a little behind was read before, and told later: dumps take their time."""
        if self._last_ns is not None and boot_high_ns < min(self._last_ns - LATE_NS, self._last_ns / 2):
            self._reboot("its uptime went back")
        return not self._rebooted

    def _reboot(self, text: str) -> None:
        if not self._rebooted:
            self._rebooted = True
            self._instants.append(Instant("reboot", text, self._last_ns or 0))


def _monotonic_segments(readings: Sequence[tuple[int, int]]) -> tuple[ClockSegment, ...]:
    """Boot time minus monotonic time only grows, by sleep; where a later reading has less, the earlier was read late.

    Both times are cut off to ms, so that each reading leaves ± 1 ms.
    """
    in_order = sorted(readings, key=lambda reading: reading[1])
    ahead = list(accumulate((realtime - uptime for uptime, realtime in reversed(in_order)), min))[::-1]
    segments: list[ClockSegment] = []
    low = high = 0
    for (_, realtime_ms), ahead_ms in zip(in_order, ahead, strict=True):
        at_ns, end_ns = realtime_ms * NS_PER_MS, (realtime_ms + 1) * NS_PER_MS
        edges = (ahead_ms - 1) * NS_PER_MS, (ahead_ms + 1) * NS_PER_MS
        start_ns = segments[-1].start_ns if segments else at_ns
        if segments and max(low, edges[0]) <= min(high, edges[1]):
            segments.pop()
            low, high = max(low, edges[0]), min(high, edges[1])
        else:
            if segments:  # it slept at some time between the two readings
                start_ns = segments[-1].end_ns - NS_PER_MS
                segments[-1] = replace(segments[-1], end_ns=end_ns)
            low, high = edges
        segments.append(ClockSegment(start_ns, end_ns, (low + high) // 2, (high - low + 1) // 2))
    return tuple(segments)
