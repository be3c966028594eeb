"""Recording one repetition: the on-device sampler, the clock before and after, and pieces of it while it grows."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from types import TracebackType

from framework.contract.capabilities import Handset
from framework.contract.events import AssistantEvent
from framework.contract.trace import ClockFit, DeviceClocks, Span, Trace, TracePiece
from framework.trace import checkpoints
from framework.trace.clocks import clock_jump, joined
from framework.trace.log_watch import LogWatch
from framework.trace.probes import PROBES
from framework.trace.probes.probe import Probe, Reading
from framework.trace.recording import Recording
from framework.trace.sampler import Sampler, offered

GROW_S = 0.5
"""Host seconds between two pieces: a killed run loses at most the last second."""

ROUND_S = 10.0
"""Host seconds that the probes are given to read once more: a turn that has ended waits for no more than that."""

ASK_AGAIN_S = 1.0

Grown = Callable[[TracePiece], None]


@dataclass(frozen=True, slots=True)
class Offer:
    """The probes that a handset does not refuse, and those that it does, with the reason."""

    probes: tuple[Probe, ...]
    notes: tuple[str, ...]


def ask_offer(handset: Handset, package: str) -> Offer:
    """Tries every probe once; the answer holds as long as the handset is not another."""
    probes = offered(handset, PROBES, package)
    return Offer(probes, tuple(f"{probe.name}: refused by the handset" for probe in PROBES if probe not in probes))


class Recorder(AbstractContextManager["Recorder"]):
    """Samples a handset from entry to exit; values are there as soon as they were printed."""

    def __init__(
        self, handset: Handset, package: str, *, offer: Offer | None = None, every_checkpoint: bool = False
    ) -> None:
        """`every_checkpoint`: read PSS at each `checkpoint`, and not only at the end."""
        self._handset, self._package, self._offer = handset, package, offer
        self._every_checkpoint = every_checkpoint
        self._pieces: Pieces | None = None
        self._rounds = itertools.count(1)
        self._stack = ExitStack()

    def __enter__(self) -> Recorder:
        offer = self._offer or ask_offer(self._handset, self._package)
        self._before = self._handset.clock()
        self._start_ns = self._before.device_ns(time.monotonic_ns())
        self._recording = Recording(self._package, offer.probes, lambda probe: self._sampler.drop(probe))
        self._sampler = Sampler(self._handset, self._package, offer.probes, self._recording)
        self._log = LogWatch(self._handset, self._package, self._recording)
        for note in offer.notes:
            self._recording.note(note)
        with ExitStack() as stack:
            stack.callback(self._sampler.close)
            self._sampler.start()
            stack.callback(self._log.close)
            self._log.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pieces is not None:
            self._pieces.close()
        self._stack.close()

    def grow(self, grown: Grown) -> None:
        """Tell `grown` every half second, from a thread of the recorder, what has come; `finish` tells it the rest.

        What it raises is raised by `finish`.
        """
        self._pieces = Pieces(self._recording, grown)

    @property
    def clock(self) -> ClockFit:
        """The mapping of host time as it was at the start."""
        return self._before

    @property
    def start_ns(self) -> int:
        return self._start_ns

    def clocks(self) -> DeviceClocks:
        """The handset's wall and monotonic clocks, as known so far."""
        return self._recording.clocks()

    def gauges(self) -> dict[str, float]:
        """The last value of every series."""
        return self._recording.gauges()

    def points(self, name: str) -> tuple[tuple[int, float], ...]:
        """What was sampled of one series so far, in time order."""
        return self._recording.points(name)

    def await_samples(self) -> None:
        """Once a turn: have every probe read now and wait for it, so that its end is in the trace; noted if it is not.

        A handset that answers no more at all is noted by the sampler, once.
        """
        number, began = next(self._rounds), time.monotonic()
        while time.monotonic() < began + ROUND_S:
            self._sampler.ask_round(number)
            if self._recording.await_round(number, ASK_AGAIN_S):
                return
        waited_s = time.monotonic() - began
        self._recording.note(f"the samples at the end of turn {number} did not come in {waited_s:.0f} s")

    def checkpoint(self) -> None:
        """Between two turns: read what would disturb a turn, if this recording asks for it."""
        if self._every_checkpoint:
            checkpoints.take(self._handset, self._package, self._recording)

    def finish(self, events: tuple[AssistantEvent, ...], spans: tuple[Span, ...]) -> Trace:
        """The trace of everything since entry; nothing that comes later is told."""
        checkpoints.take(self._handset, self._package, self._recording)
        self._log.finish(self._start_ns)
        after = self._handset.clock()
        end_ns = after.device_ns(time.monotonic_ns())
        if jump := clock_jump(self._before, after):
            self._recording.keep(Reading(instants=(jump,)), "clock", lambda _: "")
        if self._pieces is not None:
            self._pieces.finish()
        recording = self._recording
        return Trace(
            joined(self._before, after),
            self._start_ns,
            end_ns,
            recording.series(),
            events,
            spans,
            recording.notes(),
            recording.instants(),
            recording.clocks(),
        )


class Pieces:
    """A thread that tells `grown` what a recording has gained, until `finish` or `close`."""

    def __init__(self, recording: Recording, grown: Grown) -> None:
        self._recording, self._grown = recording, grown
        self._ended = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="trace-pieces", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Tell the rest; raises what `grown` raised, whenever it did."""
        self.close()
        if self._failure is None:
            self._tell()
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(GROW_S) and self._failure is None:
            self._tell()

    def _tell(self) -> None:
        try:
            self._grown(self._recording.piece())
        except Exception as error:  # told to whoever finishes the recording, in their own thread
            self._failure = error
