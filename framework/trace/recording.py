"""What a recording holds while it grows: filled by the sampler's and the log's threads, read by everyone else."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from framework.contract.trace import DeviceClocks, Instant, Sample, Series, TracePiece
from framework.trace.clocks import ClockWatch, boot_ns
from framework.trace.probes.probe import Probe, Reading, Scene

STRIKES = 3
"""So many outputs in a row that cannot be read, and the probe is dropped."""


class Recording:
    """`trace.sampler.Sink`. Everything of it may be used by several threads at once."""

    def __init__(self, package: str, probes: Sequence[Probe], dropped: Callable[[Probe], None]) -> None:
        self._changed = threading.Condition()
        self._clocks = ClockWatch()
        scene = Scene(package, self._clocks)
        self._readers = {probe.name: probe.reader(scene) for probe in probes}
        self._dropped = dropped
        self._strikes: Counter[str] = Counter()
        self._points: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._units: dict[str, str] = {}
        self._instants: list[Instant] = []
        self._clock_instants = 0
        self._notes: list[str] = []
        self._samples: list[Sample] = []
        self._told = (0, 0, 0)
        self._round = 0
        self._lost = self._rebooted = False
        self._last_ns: int | None = None
        self._interrupted: tuple[str, float] | None = None

    # -- the sampler ---------------------------------------------------------------------------------------------

    def sampled(self, probe: Probe, device_ns: int, text: str) -> None:
        with self._changed:
            if probe.name not in self._readers or self._rebooted:
                return
            self._resumed(device_ns)
            self._last_ns = device_ns
            refused = self._read(probe, device_ns, text)
            if refused is not None:
                del self._readers[probe.name]
                self._notes.append(f"{probe.name}: dropped: {refused}")
        if refused is not None:
            self._dropped(probe)

    def clock_read(self, boot_low_ns: int, wall_ns: int, boot_high_ns: int) -> None:
        with self._changed:
            self._clocks.reading(boot_low_ns, wall_ns, boot_high_ns)
            self._heed_clocks()

    def booted(self, boot_id: str) -> None:
        with self._changed:
            self._clocks.booted(boot_id)
            self._heed_clocks()

    def round_done(self, number: int) -> None:
        with self._changed:
            self._round = number
            self._changed.notify_all()

    def interrupted(self, reason: str, seconds: float) -> None:
        with self._changed:
            self._interrupted = (reason, seconds)

    def lost(self, reason: str) -> None:
        with self._changed:
            self._lost = True
            self._notes.append(f"no samples any more: {reason}")
            self._changed.notify_all()

    # -- everyone --------------------------------------------------------------------------------------------------

    def keep(self, reading: Reading, name: str, unit: Callable[[str], str]) -> None:
        """Values and instants of something other than a probe of the loop."""
        with self._changed:
            self._keep(reading, name, unit)

    def monotonic(self, uptime_ms: int, realtime_ms: int) -> None:
        """The head of a dump: monotonic and boot time, read together."""
        with self._changed:
            self._clocks.monotonic(uptime_ms, realtime_ms)

    def place(self, wall_ns: int) -> tuple[int, int] | None:
        """The boot time at which the wall clock showed this, and its bound; None where that is not known."""
        with self._changed:
            mapped = boot_ns(self._clocks.clocks().wall, wall_ns)
        return None if mapped is None else (mapped.device_ns, mapped.bound_ns)

    def note(self, text: str) -> None:
        with self._changed:
            self._notes.append(text)

    def await_round(self, number: int, timeout_s: float) -> bool:
        """Whether the round is done, or never will be."""
        with self._changed:
            return self._changed.wait_for(lambda: self._round >= number or self._lost, timeout_s)

    def gauges(self) -> dict[str, float]:
        """The last value of every series."""
        with self._changed:
            return {name: points[-1][1] for name, points in self._points.items()}

    def points(self, name: str) -> tuple[tuple[int, float], ...]:
        """What was sampled of one series so far, in time order."""
        with self._changed:
            return tuple(self._points.get(name, ()))

    def clocks(self) -> DeviceClocks:
        with self._changed:
            return self._clocks.clocks()

    def piece(self) -> TracePiece:
        """What has come since the last piece."""
        with self._changed:
            units, instants, notes = self._told
            self._told = len(self._units), len(self._instants), len(self._notes)
            samples, self._samples = tuple(self._samples), []
            new_units = dict(list(self._units.items())[units:])
            return TracePiece(samples, new_units, (), tuple(self._instants[instants:]), tuple(self._notes[notes:]))

    def series(self) -> dict[str, Series]:
        with self._changed:
            return {name: Series(name, self._units[name], tuple(sorted(self._points[name]))) for name in self._points}

    def instants(self) -> tuple[Instant, ...]:
        with self._changed:
            return tuple(sorted(self._instants, key=lambda instant: instant.device_ns))

    def notes(self) -> tuple[str, ...]:
        with self._changed:
            return tuple(self._notes)

    # -- with the lock held ----------------------------------------------------------------------------------------

    def _read(self, probe: Probe, device_ns: int, text: str) -> str | None:
        """Keep what it told; why it is to be dropped."""
        try:
            reading = self._readers[probe.name](device_ns, text)
        except ValueError as error:  # a DumpError is one
            self._strikes[probe.name] += 1
            return str(error) if self._strikes[probe.name] >= STRIKES else None
        self._strikes[probe.name] = 0
        self._keep(reading, probe.name, probe.unit)
        return reading.refused

    def _keep(self, reading: Reading, name: str, unit: Callable[[str], str]) -> None:
        for device_ns, values in reading.points:
            self._samples.append(Sample(name, device_ns, values))
            for series, value in values.items():
                if series not in self._units:
                    self._units[series] = unit(series)
                self._points[series].append((device_ns, value))
        self._instants += reading.instants

    def _resumed(self, device_ns: int) -> None:
        """The first sample after an interruption tells how long the gap was on the handset's clock."""
        if self._interrupted is None:
            return
        reason, seconds = self._interrupted
        self._interrupted = None
        before = device_ns if self._last_ns is None else self._last_ns
        gap_s = (device_ns - before) / 1e9
        text = f"no samples for {gap_s:.1f} s, reconnected after {seconds:.1f} s: {reason}"
        self._instants.append(Instant("reconnect", text, (before + device_ns) // 2, (device_ns - before + 1) // 2))
        self._notes.append(f"the sampler's stream broke: {text}")

    def _heed_clocks(self) -> None:
        """Clock steps and reboots as they are noticed; after a reboot there is no axis to put samples on."""
        noticed = self._clocks.instants()
        self._instants += noticed[self._clock_instants :]
        self._clock_instants = len(noticed)
        if not self._rebooted and any(instant.kind == "reboot" for instant in noticed):
            self._rebooted = self._lost = True
            self._notes.append("no samples any more: the handset was restarted")
            self._changed.notify_all()
