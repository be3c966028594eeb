"""The time axis that all pictures of a trace share: the handset's boot time, from the start of the recording."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = 2000
"""Whole numbers that a place on the axis has within a picture that is stretched to its width."""

STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400)
MOST_TICKS = 9


@dataclass(frozen=True, slots=True)
class Tick:
    """A place of an axis: in percent of its length, or in pixels."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    start_ns: int
    end_ns: int

    def share(self, ns: int) -> float:
        """0 at the start, 1 at the end; what lies outside is drawn at the nearer end."""
        return (min(max(ns, self.start_ns), self.end_ns) - self.start_ns) / max(self.end_ns - self.start_ns, 1)

    def percent(self, ns: int) -> float:
        return round(self.share(ns) * 100, 2)

    def column(self, ns: int) -> int:
        return round(self.share(ns) * COLUMNS)

    def seconds(self, ns: int) -> float:
        return (ns - self.start_ns) / 1e9

    def ticks(self) -> tuple[Tick, ...]:
        length = self.seconds(self.end_ns)
        step = next((step for step in STEPS_S if length / step <= MOST_TICKS), STEPS_S[-1])
        count = int(length / step)
        return tuple(Tick(self.percent(self.start_ns + int(i * step * 1e9)), clock(i * step)) for i in range(count + 1))


def clock(seconds: float) -> str:
    """`4.2 s`, from two minutes on `3:05`, from two hours on `2:03:05`."""
    if seconds < 120:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours >= 2 else f"{hours * 60 + minutes}:{rest:02}"
