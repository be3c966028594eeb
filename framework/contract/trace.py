"""What was recorded while a scenario ran, all on the handset's boot-time clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from framework.contract.events import AssistantEvent


@dataclass(frozen=True, slots=True)
class ClockFit:
    """How host time maps onto device time: device_ns = scale * host_ns + offset_ns, within bound_ns.

    `host_ns` is the host's monotonic clock; `scale` is 1 for real handsets and the speed of emulated ones. The two
    clocks' crystals differ: the offset holds at `since_host_ns` and changes by `drift_ppm` (ns per ms of device time).
    """

    offset_ns: int
    bound_ns: int
    scale: float = 1.0
    drift_ppm: float = 0.0
    since_host_ns: int = 0

    def device_ns(self, host_ns: int) -> int:
        drifted = (host_ns - self.since_host_ns) * self.scale * self.drift_ppm / 1e6
        return int(host_ns * self.scale) + self.offset_ns + round(drifted)


@dataclass(frozen=True, slots=True)
class ClockSegment:
    """Another clock of the handset, for as long as nobody set it: boot time = its time + offset_ns, within bound_ns.

    It holds for boot times from `start_ns` to `end_ns`.
    """

    start_ns: int
    end_ns: int
    offset_ns: int
    bound_ns: int


@dataclass(frozen=True, slots=True)
class DeviceClocks:
    """The handset's other clocks: its wall clock (log lines) and its monotonic clock without sleep (frames).

    Several segments where a clock was set in the middle; none where it could not be read.
    """

    wall: tuple[ClockSegment, ...] = ()
    monotonic: tuple[ClockSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """One sampled quantity: (device_ns, value) points in time order, in `unit`."""

    name: str
    unit: str
    points: tuple[tuple[int, float], ...]

    def between(self, start_ns: int, end_ns: int) -> tuple[float, ...]:
        return tuple(value for at, value in self.points if start_ns <= at <= end_ns)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the trace: a scenario, a step or a turn."""

    kind: str
    name: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Instant:
    """Something that happened to the handset or the recording, within bound_ns of `device_ns`.

    `kind` is one of crash, anr, low_memory_kill, process, reboot, clock_step, reconnect, emulator.
    """

    kind: str
    text: str
    device_ns: int
    bound_ns: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """What one probe read at one time: series name → value."""

    probe: str
    device_ns: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TracePiece:
    """What a recording has gained since its last piece; pieces in their order make the whole."""

    samples: tuple[Sample, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    """Of the series that are new."""
    events: tuple[AssistantEvent, ...] = ()
    instants: tuple[Instant, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a recording, or a stretch of it, cannot be trusted: the rule that objects, and its evidence with figures.

    `metrics` names what must not be used; empty: nothing that was measured.
    """

    rule: str
    reason: str
    start_ns: int
    end_ns: int
    metrics: frozenset[str] = frozenset()

    def concerns(self, metric: str) -> bool:
        return not self.metrics or metric in self.metrics


@dataclass(frozen=True, slots=True)
class Trace:
    """One repetition's recording."""

    clock: ClockFit
    start_ns: int
    end_ns: int
    series: Mapping[str, Series] = field(default_factory=dict)
    events: tuple[AssistantEvent, ...] = ()
    spans: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be recorded, with the reason."""
    instants: tuple[Instant, ...] = ()
    clocks: DeviceClocks = DeviceClocks()
