"""What really happened on an emulated handset, exactly: to judge how well others measure it.

Nothing on the handset can read it; it is told outside of the wire only. Everything is in the boot time of the
handset, so each of its boots has a truth of its own.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from framework.virtual.clock import DeviceClock, Line, WallOffset

MOST_EVENTS = 200_000
MOST_POINTS = 60_000
"""What one boot remembers of events, and of each series; the oldest go first. Physics takes 4 samples a second."""

MOST_BOOTS = 8

Json = dict[str, object]


class UnknownBootError(LookupError):
    """A boot that has not been yet, or is forgotten."""


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """Something that happened at `ns` of boot time."""

    kind: str
    ns: int
    values: Mapping[str, object]

    def told(self) -> Json:
        return {"kind": self.kind, "ns": self.ns, **self.values}


class Events:
    """Events in the order in which they were recorded, which is nearly that of their times."""

    def __init__(self) -> None:
        self.forgotten = 0
        self._events: list[TrueEvent] = []
        self._peaks = array("q")
        """Beside each event the latest time so far, which never falls: where to begin is found by bisection."""

    def add(self, event: TrueEvent) -> None:
        self._events.append(event)
        self._peaks.append(max(event.ns, self._peaks[-1]) if self._peaks else event.ns)
        if len(self._events) > MOST_EVENTS:
            half = MOST_EVENTS // 2
            del self._events[:half], self._peaks[:half]
            self.forgotten += half

    def since(self, ns: int) -> list[TrueEvent]:
        return [event for event in self._events[bisect_left(self._peaks, ns) :] if event.ns >= ns]


class Series:
    """One value over time. Of a stretch in which it is the same, only the first and the last point are kept."""

    def __init__(self) -> None:
        self._times = array("q")
        self._values = array("d")

    def add(self, at_ns: int, value: float) -> None:
        times, values = self._times, self._values
        if len(values) > 1 and values[-1] == value == values[-2]:
            times[-1] = at_ns
            return
        times.append(at_ns)
        values.append(value)
        if len(times) > MOST_POINTS:
            del times[: MOST_POINTS // 2], values[: MOST_POINTS // 2]

    def points(self, since_ns: int) -> list[tuple[int, float]]:
        """Those since a time, after the beginning of the stretch of equal values that reaches over it, if one does."""
        first = bisect_left(self._times, since_ns)
        if 0 < first < len(self._times) and self._values[first - 1] == self._values[first]:
            first -= 1
        return list(zip(self._times[first:], self._values[first:], strict=True))


@dataclass(slots=True)
class Boot:
    """One boot, with the clock's lines and steps of the wall clock while it lasted."""

    number: int
    lines: Sequence[Line]
    wall: Sequence[WallOffset]
    events: Events = field(default_factory=Events)
    series: dict[str, Series] = field(default_factory=lambda: defaultdict(Series))


class Truth:
    """The record of one handset. Recording appends, and costs no more than that."""

    def __init__(self, clock: DeviceClock) -> None:
        self._clock = clock
        self._boots = deque([Boot(0, clock.lines, clock.wall_offsets)], MOST_BOOTS)

    @property
    def boot(self) -> int:
        """Which boot this is, counted from 0."""
        return self._boots[-1].number

    def record(self, kind: str, at_ns: int, **values: object) -> None:
        """An event at `at_ns`; `values` are what JSON can hold."""
        self._boots[-1].events.add(TrueEvent(kind, at_ns, values))

    def sample(self, at_ns: int, values: Mapping[str, float]) -> None:
        """The state of the handset at `at_ns`."""
        series = self._boots[-1].series
        for name, value in values.items():
            series[name].add(at_ns, value)

    def restarted(self) -> None:
        """A new boot began; the clock was restarted."""
        self._boots.append(Boot(self.boot + 1, self._clock.lines, self._clock.wall_offsets))

    def events(self, since_ns: int, boot: int) -> list[TrueEvent]:
        """In the order in which they were recorded."""
        return self._find(boot).events.since(since_ns)

    def samples(self, since_ns: int, boot: int) -> dict[str, list[tuple[int, float]]]:
        """(boot time, value) by series, in order."""
        found = {name: series.points(since_ns) for name, series in self._find(boot).series.items()}
        return {name: points for name, points in found.items() if points}

    def forgotten(self, boot: int) -> int:
        """How many events there is no room for any more."""
        return self._find(boot).events.forgotten

    def clock(self, boot: int) -> Json:
        """The clock at this instant; `lines` and `wall` are those of the boot."""
        clock, now, found = self._clock, self._clock.pair(), self._find(boot)
        return {
            "host_ns": now.host_ns,
            "device_ns": now.device_ns,
            "speed": clock.speed,
            "slipped_ms": clock.slipped_ns / 1e6,
            "wall_offset_ns": clock.wall_offset_ns,
            "monotonic_offset_ns": -clock.slept_ns,
            "lines": [asdict(line) for line in found.lines],
            "wall": [asdict(step) for step in found.wall],
        }

    def _find(self, number: int) -> Boot:
        for boot in self._boots:
            if boot.number == number:
                return boot
        raise UnknownBootError(
            f"there is no truth of boot {number}; there is of {self._boots[0].number} to {self.boot}"
        )
