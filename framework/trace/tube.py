"""An offset between two clocks, known only within readings, that may drift slowly: where it must have been.

Each reading says that the offset lay in an interval at a time that is itself known within bounds. The offset moves
by `SLEW_PPM` at most (adjtime's limit), so that each reading also says something of the times around it. What all of
them leave open is a tube; where nothing is left open, somebody has set a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from framework.contract.trace import ClockSegment

SLEW_PPM = 500
"""The kernel slews a clock no faster (MAXFREQ and adjtime(3))."""

SLACK_NS = 1_000_000
"""By how much a segment's bound may exceed that of its readings before another segment begins."""


@dataclass(frozen=True, slots=True)
class Reading:
    """At some boot time in [boot_low_ns, boot_high_ns) the offset was in [low_ns, high_ns]."""

    boot_low_ns: int
    boot_high_ns: int
    low_ns: int
    high_ns: int


Interval = tuple[int, int]


class Tube:
    """Readings without a step among them, in time order."""

    def __init__(self) -> None:
        self._readings: list[Reading] = []
        self._forward: list[Interval] = []
        """What each reading and those before it leave open."""

    @property
    def last(self) -> Reading:
        return self._readings[-1]

    @property
    def now(self) -> Interval:
        """What is open at the last reading."""
        return self._forward[-1]

    def take(self, reading: Reading) -> bool:
        """False, and nothing taken, where it contradicts the readings before."""
        open_now = (reading.low_ns, reading.high_ns)
        if self._readings:
            open_now = _meet(_grown(self.now, _slew(self.last, reading)), open_now)
        if open_now[0] > open_now[1]:
            return False
        self._readings.append(reading)
        self._forward.append(open_now)
        return True

    def cut(self, after: Tube) -> None:
        """Drop the last readings that agree with `after` as well as with those before: whose they are is not known."""
        later, seen = after.last, after.now
        while len(self._readings) > 1:
            reading = self.last
            seen = _meet(_grown(seen, _slew(reading, later)), (reading.low_ns, reading.high_ns))
            if seen[0] > seen[1]:
                return
            later = reading
            self._readings.pop()
            self._forward.pop()

    def segments(self, start_ns: int | None, end_ns: int | None) -> list[ClockSegment]:
        """Stretches over which one offset with one bound holds, from `start_ns` (the first reading) to `end_ns`."""
        if not self._readings:
            return []
        opened = self._open()
        groups = self._groups(opened)
        segments = []
        for first, last in groups:
            low = min(low for low, _ in opened[first : last + 1])
            high = max(high for _, high in opened[first : last + 1])
            begin = start_ns if first == 0 and start_ns is not None else self._readings[first].boot_low_ns
            end = end_ns if last == len(opened) - 1 and end_ns is not None else self._readings[last].boot_high_ns
            within = self._slew_within(first, last, begin, end)
            bound = (high - low + 1) // 2 + within
            segments.append(ClockSegment(begin, end, (low + high) // 2, bound))
        return segments

    def _open(self) -> list[Interval]:
        """What all readings leave open at each of them."""
        opened = list(self._forward)
        for index in range(len(opened) - 2, -1, -1):
            slew = _slew(self._readings[index], self._readings[index + 1])
            opened[index] = _meet(opened[index], _grown(opened[index + 1], slew))
        return opened

    def _groups(self, opened: list[Interval]) -> list[tuple[int, int]]:
        """First and last reading of each segment; a segment begins with the last reading of the one before."""
        groups, first = [], 0
        low, high = opened[0]
        widest = high - low
        for index, (next_low, next_high) in enumerate(opened[1:], 1):
            widest = max(widest, next_high - next_low)
            if index - first > 1 and max(high, next_high) - min(low, next_low) > 1.5 * widest + SLACK_NS:
                groups.append((first, index - 1))
                first = index - 1
                low, high = opened[first]
                widest = max(high - low, next_high - next_low)
            low, high = min(low, next_low), max(high, next_high)
        return [*groups, (first, len(opened) - 1)]

    def _slew_within(self, first: int, last: int, begin_ns: int, end_ns: int) -> int:
        """How far the offset may move away between two readings, or before the first and after the last."""
        readings = self._readings[first : last + 1]
        gaps = [_slew(one, other) // 2 for one, other in pairwise(readings)]
        edges = [readings[0].boot_high_ns - begin_ns, end_ns - readings[-1].boot_low_ns]
        return max(*gaps, *(max(edge, 0) * SLEW_PPM // 1_000_000 for edge in edges)) + 1


def _slew(one: Reading, other: Reading) -> int:
    """How far the offset can have moved between two readings."""
    return (other.boot_high_ns - one.boot_low_ns) * SLEW_PPM // 1_000_000 + 1


def _grown(interval: Interval, by: int) -> Interval:
    return interval[0] - by, interval[1] + by


def _meet(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])
