"""What was recorded while a scenario ran, all on the handset's boot-time clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from framework.contract.events import AssistantEvent


@dataclass(frozen=True, slots=True)
class ClockFit:
    """How host time maps onto device time: device_ns = scale * host_ns + offset_ns, within bound_ns.

    `host_ns` is the host's monotonic clock; `scale` is 1 for real handsets and the speed of emulated ones.
    """

    offset_ns: int
    bound_ns: int
    scale: float = 1.0

    def device_ns(self, host_ns: int) -> int:
        return int(host_ns * self.scale) + self.offset_ns


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
