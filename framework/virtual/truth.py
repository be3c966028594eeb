"""What really happened on an emulated handset, exactly: to judge how well others measure it.

Nothing on the handset can read it; it is told outside of the wire only. Everything is in the boot time of the
handset, so each of its boots has a truth of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from framework.virtual.clock import DeviceClock, Line, WallOffset

MOST_EVENTS = 200_000
MOST_SAMPLES = 60_000
"""What one boot remembers; the oldest go first. A sample is taken every 250 ms of device time."""

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


@dataclass(slots=True)
class Boot:
    """One boot, with the clock's lines and steps of the wall clock while it lasted."""

    number: int
    lines: Sequence[Line]
    wall: Sequence[WallOffset]
    events: deque[TrueEvent] = field(default_factory=lambda: deque(maxlen=MOST_EVENTS))
    samples: deque[tuple[int, Mapping[str, float]]] = field(default_factory=lambda: deque(maxlen=MOST_SAMPLES))
    recorded: int = 0


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
        boot = self._boots[-1]
        boot.recorded += 1
        boot.events.append(TrueEvent(kind, at_ns, values))

    def sample(self, at_ns: int, values: Mapping[str, float]) -> None:
        """The state of the handset at `at_ns`."""
        self._boots[-1].samples.append((at_ns, values))

    def restarted(self) -> None:
        """A new boot began; the clock was restarted."""
        self._boots.append(Boot(self.boot + 1, self._clock.lines, self._clock.wall_offsets))

    def events(self, since_ns: int, boot: int) -> list[TrueEvent]:
        """In the order in which they were recorded."""
        return [event for event in self._find(boot).events if event.ns >= since_ns]

    def samples(self, since_ns: int, boot: int) -> list[tuple[int, Mapping[str, float]]]:
        """Boot time and the values by series, in order."""
        return [sample for sample in self._find(boot).samples if sample[0] >= since_ns]

    def forgotten(self, boot: int) -> int:
        """How many events there is no room for any more."""
        found = self._find(boot)
        return found.recorded - len(found.events)

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
