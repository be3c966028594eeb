"""The sampler: the on-device loop's stream in a thread, its lines as samples, and the loop again when it broke.

See `trace/loop.py` for the loop's script and its lines.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from framework.contract.capabilities import Handset, ShellStream
from framework.contract.errors import DeadlineError, HandsetError
from framework.handset.ladder import SILENT_S, STREAM
from framework.trace.loop import availability_script, loop_script
from framework.trace.probes.probe import Probe

POLL_S = 0.25
"""How often the reading thread looks whether it is to end; lines themselves arrive at once."""

RECONNECT_S = STREAM.within_s
"""Host seconds that a handset is given to come back before its recording goes on without samples."""

RETRY_S = 0.5
STEP_NS = 10_000_000
"""/proc/uptime is cut off to 10 ms."""


class Sink(Protocol):
    """Told what the loop prints, and what became of it."""

    def sampled(self, probe: Probe, device_ns: int, text: str) -> None: ...

    def clock_read(self, boot_low_ns: int, wall_ns: int, boot_high_ns: int) -> None: ...

    def booted(self, boot_id: str) -> None: ...

    def round_done(self, number: int) -> None: ...

    def interrupted(self, reason: str, seconds: float) -> None:
        """The stream broke and was opened again after so many host seconds."""

    def lost(self, reason: str) -> None:
        """The stream broke and did not come back: there will be no more samples."""


def offered(handset: Handset, probes: Sequence[Probe], package: str) -> tuple[Probe, ...]:
    """Those that the handset does not refuse."""
    names = handset.shell.script(availability_script(probes, package)).text.split()
    return tuple(probe for probe in probes if probe.name in names)


class Sampler:
    """Runs the loop on a handset from `start` to `close`."""

    def __init__(self, handset: Handset, package: str, probes: Sequence[Probe], sink: Sink) -> None:
        self._handset, self._sink = handset, sink
        self._script = loop_script(probes, package, handset.time_scale)
        self._reader = SampleReader(probes, sink)
        self._dropped: list[str] = []
        self._closing = threading.Event()
        self._stream: ShellStream | None = None
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def start(self) -> None:
        self._stream = self._handset.shell.stream(self._script)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._stream is not None:
            self._stream.close()
            self._thread.join()

    def ask_round(self, number: int) -> None:
        """Have every probe read at once; the sink's `round_done` follows. A stream that is broken takes nothing."""
        self._ask(f"round {number}")

    def drop(self, probe: Probe) -> None:
        self._dropped.append(probe.name)
        self._ask(f"drop {probe.name}")

    def _ask(self, request: str) -> None:
        if self._stream is not None:
            with suppress(HandsetError):
                self._stream.write(request.encode() + b"\n")

    def _run(self) -> None:
        stream = self._stream
        while stream is not None and (broke := self._follow(stream)) is not None:
            stream.close()
            self._stream = stream = self._again(broke)
        if stream is not None:
            stream.close()  # it may have been opened while we were being closed

    def _follow(self, stream: ShellStream) -> str | None:
        """Read until it is closed by us, or why it ended. One that has stalled counts as ended: a tick is due."""
        heard = time.monotonic()
        while not self._closing.is_set():
            try:
                line = stream.read_line(POLL_S)
            except DeadlineError:
                if time.monotonic() - heard > SILENT_S:
                    return f"the sampler's loop said nothing for {SILENT_S:g} s"
                continue
            except HandsetError as error:
                return None if self._closing.is_set() else str(error)
            if line is None:
                return None if self._closing.is_set() else "the sampler's loop ended"
            heard = time.monotonic()
            self._reader.feed(line)
        return None

    def _again(self, broke: str) -> ShellStream | None:
        """The loop started again, as soon as the handset answers; None when it does not, or when we are closed."""
        since = time.monotonic()
        while time.monotonic() < since + RECONNECT_S and not self._closing.wait(RETRY_S):
            try:
                stream = self._handset.shell.stream(self._script)
            except HandsetError:
                continue
            self._reader.forget()
            self._sink.interrupted(broke, time.monotonic() - since)
            with suppress(HandsetError):
                stream.write("".join(f"drop {name}\n" for name in self._dropped).encode())
            return stream
        if not self._closing.is_set():
            self._sink.lost(broke)
        return None


class SampleReader:
    """Lines in, samples out: collects the lines of a sample and hands them to the sink when it is whole."""

    def __init__(self, probes: Sequence[Probe], sink: Sink) -> None:
        self._probes = {probe.name: probe for probe in probes}
        self._sink = sink
        self.forget()

    def forget(self) -> None:
        """A new stream begins: a sample that was cut off is not one."""
        self._probe: Probe | None = None
        self._device_ns = 0
        self._lines: list[str] = []

    def feed(self, line: str) -> None:
        if not line.startswith("@"):
            self._lines.append(line)
            return
        probe, text = self._probe, "\n".join(self._lines)
        self._lines.clear()
        self._probe = None
        if probe is not None:
            self._sink.sampled(probe, self._device_ns, text)
        with suppress(ValueError, IndexError):  # a line that a broken stream cut off
            self._mark(line[1:].split())

    def _mark(self, words: list[str]) -> None:
        if not words:
            return
        name = words[0]
        if name in self._probes:
            self._device_ns = uptime_ns(words[1])
            self._probe = self._probes[name]
        elif name == "clock" and len(words) == 4:
            self._sink.clock_read(uptime_ns(words[1]), decimal_ns(words[2]), uptime_ns(words[3]) + STEP_NS)
        elif name == "boot":
            self._sink.booted(words[1])
        elif name == "round":
            self._sink.round_done(int(words[1]))


def uptime_ns(text: str) -> int:
    """The first number of /proc/uptime (seconds with decimals) in nanoseconds; ValueError for anything else."""
    return decimal_ns(text.split()[0])


def decimal_ns(text: str) -> int:
    """Seconds with decimals in nanoseconds, exactly; ValueError for anything else."""
    whole, _, decimals = text.partition(".")
    return int(whole) * 1_000_000_000 + int(decimals.ljust(9, "0")[:9] or "0")
