"""Recording one repetition: the sampler's stream in a thread, the clock before and after."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from contextlib import AbstractContextManager
from types import TracebackType

from framework.contract.capabilities import Handset, ShellStream
from framework.contract.errors import DeadlineError, HandsetError
from framework.contract.events import AssistantEvent
from framework.contract.trace import ClockFit, Series, Span, Trace
from framework.trace.clocks import joined
from framework.trace.probes import PROBES
from framework.trace.probes.probe import Probe
from framework.trace.sampler import SampleReader, availability_script, loop_script

POLL_S = 0.25
FIRST_SAMPLE_S = 10.0


class Recorder(AbstractContextManager["Recorder"]):
    """Samples a handset from entry until `finish`; values are there as soon as they were printed."""

    def __init__(self, handset: Handset, package: str) -> None:
        self._handset, self._package = handset, package
        self._points: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._units: dict[str, str] = {}
        self._notes: list[str] = []
        self._sampled = threading.Condition()
        self._closing = threading.Event()
        self._stream: ShellStream | None = None
        self._thread = threading.Thread(target=self._read, name="sampler", daemon=True)

    def __enter__(self) -> Recorder:
        self._before = self._handset.clock()
        self._start_ns = self._before.device_ns(time.monotonic_ns())
        probes = self._offered()
        self._reader = SampleReader(probes, self._keep)
        self._stream = self._handset.shell.stream(loop_script(probes, self._package))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self._stream is not None:
            self._stream.close()
            self._thread.join()

    @property
    def clock(self) -> ClockFit:
        """The mapping of host time as it was at the start."""
        return self._before

    def gauges(self) -> dict[str, float]:
        """The last value of every series."""
        with self._sampled:
            return {name: points[-1][1] for name, points in self._points.items()}

    def await_samples(self, after_ns: int) -> None:
        """Wait until every probe has sampled after `after_ns`, so that the end of a turn is in the trace."""
        with self._sampled:
            self._sampled.wait_for(lambda: self._all_after(after_ns), FIRST_SAMPLE_S)

    def finish(self, events: tuple[AssistantEvent, ...], spans: tuple[Span, ...]) -> Trace:
        """The trace of everything since entry."""
        after = self._handset.clock()
        end_ns = after.device_ns(time.monotonic_ns())
        with self._sampled:
            series = {
                name: Series(name, self._units.get(name, ""), tuple(points)) for name, points in self._points.items()
            }
            notes = tuple(self._notes)
        return Trace(joined(self._before, after), self._start_ns, end_ns, series, events, spans, notes)

    # -- the sampler's stream --------------------------------------------------------------------------------------

    def _offered(self) -> tuple[Probe, ...]:
        names = self._handset.shell.script(availability_script(PROBES)).text.split()
        self._notes += [f"{probe.name}: refused by the handset" for probe in PROBES if probe.name not in names]
        return tuple(probe for probe in PROBES if probe.name in names)

    def _read(self) -> None:
        assert self._stream is not None
        while not self._closing.is_set():
            try:
                line = self._stream.read_line(POLL_S)
            except DeadlineError:
                continue
            except HandsetError as error:
                self._note(f"the sampler's stream broke: {error}")
                return
            if line is None:
                self._note("the sampler's loop ended")
                return
            self._reader.feed(line)

    def _note(self, text: str) -> None:
        if not self._closing.is_set():
            with self._sampled:
                self._notes.append(text)

    def _keep(self, probe: Probe, device_ns: int, text: str) -> None:
        values = probe.read(text)
        with self._sampled:
            for name, value in values.items():
                self._points[name].append((device_ns, value))
                self._units[name] = probe.units.get(name, "MHz" if name.endswith("_mhz") else "")
            self._sampled.notify_all()

    def _all_after(self, after_ns: int) -> bool:
        return bool(self._points) and all(points[-1][0] >= after_ns for points in self._points.values())
