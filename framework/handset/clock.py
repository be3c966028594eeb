"""The handset's boot-time clock against the host's monotonic clock, with a bound that covers.

The finest clock that shell can read without starting a program is /proc/uptime (CLOCK_BOOTTIME), cut off, not
rounded, to 10 ms. A reading that shows `u` and was taken between the host times `h0` and `h1` says that the offset
lies between `u - scale*h1` and `u + 10 ms - scale*h0`: the round trip and the step are both in it. What is common
to all readings is the answer. Each reading is aimed so that it meets an edge of the step in the middle of what is
still open: it halves what the step leaves open, until the round trips alone are left.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from framework.contract.errors import HandsetError
from framework.contract.trace import ClockFit
from framework.handset.shell import HandsetShell, LineStream

STEP_NS = 10_000_000
PLAUSIBLE_PPM = 200.0
"""Two crystals of consumer grade differ by no more, over any temperature."""

_SCRIPT = 'while read -r ask; do read -r up rest </proc/uptime; echo "$up"; done'
_ANSWER_S = 10.0
_WARM_UP = 2
"""First readings, which start up both sides, are not counted."""
_ATTEMPTS = 3
_ENOUGH_READINGS = 8
_ENOUGH_TRIPS = 1.5
"""What is open cannot get much smaller than the shortest round trip: after so many readings this is close enough."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The handset's uptime as printed, and the host times around it, all in ns."""

    sent_ns: int
    received_ns: int
    uptime_ns: int

    def offsets(self, scale: float) -> tuple[int, int]:
        """Between which offsets the true one lies."""
        low = self.uptime_ns - _scaled(self.received_ns, scale)
        return low, self.uptime_ns + STEP_NS - _scaled(self.sent_ns, scale)


def measure(handset: str, shell: HandsetShell, scale: float, tries: int, *, held_back: bool = False) -> ClockFit:
    """Fit with `tries` readings over one stream; `scale` is device time over host time.

    `held_back`: the clock of an emulated handset, which stands still while its host is late, and catches up. It never
    runs ahead, so that of several readings the one that was held back least counts.
    """
    with shell.stream(_SCRIPT) as stream:
        take = _reader(handset, stream)
        for _ in range(_WARM_UP):
            take()
        for _ in range(_ATTEMPTS):
            readings = _aimed_readings(take, scale, max(2, tries))
            if held_back:
                return _fit(*_latest(readings, scale), scale, readings)
            if common := _common(readings, scale):
                return _fit(*common, scale, readings)
    # The handset's clock jumped or was held back in each attempt: no offset fits all, so the bound holds them all.
    spans = [reading.offsets(scale) for reading in readings]
    return _fit(min(low for low, _ in spans), max(high for _, high in spans), scale, readings)


def _aimed_readings(take: Callable[[], Reading], scale: float, tries: int) -> list[Reading]:
    readings = [take()]
    while len(readings) < tries:
        common = _common(readings, scale)
        if common is None:
            return readings
        trip_ns = min(reading.received_ns - reading.sent_ns for reading in readings)
        if len(readings) >= _ENOUGH_READINGS and common[1] - common[0] <= trip_ns * scale * _ENOUGH_TRIPS:
            return readings
        _wait_until(_aim(common, time.monotonic_ns() + trip_ns // 2, scale) - trip_ns // 2)
        readings.append(take())
    return readings


def _aim(common: tuple[int, int], earliest_ns: int, scale: float) -> int:
    """The first host time from `earliest_ns` at which, by the middle of `common`, the handset's clock steps."""
    middle = sum(common) // 2
    device_ns = _scaled(earliest_ns, scale) + middle
    to_edge = -device_ns % STEP_NS
    return earliest_ns + int(to_edge / scale)


def _common(readings: list[Reading], scale: float) -> tuple[int, int] | None:
    """What all readings leave open; None where two contradict each other."""
    spans = [reading.offsets(scale) for reading in readings]
    low, high = max(low for low, _ in spans), min(high for _, high in spans)
    return (low, high) if low <= high else None


def _latest(readings: list[Reading], scale: float) -> tuple[int, int]:
    """What is open by the readings at which the clock was held back least: by no more than a round trip takes."""
    spans = [reading.offsets(scale) for reading in readings]
    trip_ns = statistics.median(reading.received_ns - reading.sent_ns for reading in readings)
    return max(low for low, _ in spans), max(high for _, high in spans) + _scaled(round(trip_ns), scale)


def _fit(low: int, high: int, scale: float, readings: list[Reading]) -> ClockFit:
    """As it holds in the middle of the readings; the clocks may have drifted apart while they were taken."""
    began_ns, ended_ns = readings[0].sent_ns, readings[-1].received_ns
    drifted_ns = round((ended_ns - began_ns) / 2 * scale * PLAUSIBLE_PPM / 1e6)
    return ClockFit(
        offset_ns=(low + high) // 2,
        bound_ns=(high - low + 1) // 2 + drifted_ns,
        scale=scale,
        since_host_ns=(began_ns + ended_ns) // 2,
    )


def _scaled(host_ns: int, scale: float) -> int:
    """As `ClockFit.device_ns` does it, so that rounding is the same."""
    return int(host_ns * scale)


def _wait_until(host_ns: int) -> None:
    if (wait_ns := host_ns - time.monotonic_ns()) > 0:
        time.sleep(wait_ns / 1e9)


def _reader(handset: str, stream: LineStream) -> Callable[[], Reading]:
    def take() -> Reading:
        sent_ns = time.monotonic_ns()
        stream.write(b"\n")
        line = stream.read_line(_ANSWER_S)
        received_ns = time.monotonic_ns()
        try:
            seconds, _, hundredths = (line or "").partition(".")
            uptime_ns = int(seconds) * 10**9 + int(hundredths) * STEP_NS
        except ValueError:
            raise HandsetError(handset, f"its clock cannot be read: {line or stream.complaint!r}") from None
        return Reading(sent_ns, received_ns, uptime_ns)

    return take
