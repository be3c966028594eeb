"""Following the handset's log beside a recording, for crashes, ANRs and low-memory kills."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace

from framework.contract.capabilities import Handset, LogLine, LogStream
from framework.contract.errors import HandsetError
from framework.dumps import tombstone
from framework.dumps.errors import DumpError
from framework.dumps.logcat_lines import LogEntry
from framework.handset.ladder import STREAM
from framework.trace.probes import log
from framework.trace.probes.probe import Reading
from framework.trace.recording import Recording

POLL_S = 0.25
RIPE_S = 1.0
"""Host seconds after which the lines of one report are all there."""

RECONNECT_S = STREAM.within_s
RETRY_S = 0.5
TOMBSTONES = "/data/tombstones"
LARGEST = 4 << 20


class LogWatch:
    """From `start` to `close`; what it finds goes into the recording. A log that cannot be followed is noted."""

    def __init__(self, handset: Handset, package: str, recording: Recording) -> None:
        self._handset, self._package, self._recording = handset, package, recording
        self._lock = threading.Lock()
        self._entries: deque[tuple[float, LogEntry]] = deque()
        self._number = 0
        self._last_ns: int | None = None
        self._began_ns: int | None = None
        self._crashed: set[int | None] = set()
        self._hangs: list[tuple[log.Happening, int]] = []
        """Those whose report has not come."""
        self._closing = threading.Event()
        self._stream: LogStream | None = None
        self._thread = threading.Thread(target=self._run, name="log-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._stream is not None:
            self._stream.close()
        self._thread.join()

    def finish(self, start_ns: int) -> None:
        """Tell also what came last, and the tombstones of this recording where shell may read them.

        The log is read once more: the stream may have stalled, or its last lines may be on their way.
        """
        since_ns = self._last_ns if self._last_ns is not None else self._began_ns
        if since_ns is not None:
            for line in self._handset.log.lines(*log.TAGS, since_wall_ns=since_ns):
                if line.wall_ns >= since_ns:
                    self._take(line)
        self._tell(time.monotonic())
        for hang, wall_ns in self._hangs:
            self._keep(replace(hang, kind="anr"), wall_ns)
        self._tell_tombstones(start_ns)

    # -- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        broke, since = "", time.monotonic()
        while time.monotonic() < since + RECONNECT_S and not self._closing.is_set():
            try:
                with self._handset.log.follow(*log.TAGS, since_wall_ns=self._last_ns) as self._stream:
                    self._began_ns = self._began_ns or self._stream.began_wall_ns
                    self._follow(self._stream)
            except HandsetError as error:
                since = time.monotonic() if not broke or self._stream is not None else since
                self._stream, broke = None, str(error)
                self._closing.wait(RETRY_S)
        if not self._closing.is_set():
            self._recording.note(f"log: crashes, ANRs and kills are not noticed any more: {broke}")

    def _follow(self, stream: LogStream) -> None:
        while not self._closing.is_set():
            line = stream.read(POLL_S)
            if line is not None:
                self._take(line)
            self._tell(time.monotonic() - RIPE_S)

    def _take(self, line: LogLine) -> None:
        with self._lock:
            self._number += 1
            self._last_ns = line.wall_ns + 1000  # logcat tells microseconds
            self._entries.append((time.monotonic(), log.entry(self._number, line)))

    # -- both ------------------------------------------------------------------------------------------------------

    def _tell(self, until: float) -> None:
        """The reports whose first line came before a host time."""
        with self._lock:
            if not self._entries or self._entries[0][0] > until:
                return
            known = {entry.line: entry for _, entry in self._entries}
            while self._entries and self._entries[0][0] <= until:
                self._entries.popleft()
            ripe = self._entries[0][1].line if self._entries else self._number + 1
            found = [each for each in log.happenings(list(known.values()), self._package) if each.line < ripe]
        for each in found:
            self._keep(each, known[each.line].wall_ns or 0)

    def _keep(self, happening: log.Happening, wall_ns: int) -> None:
        if happening.kind == log.HANG:
            self._hangs.append((happening, wall_ns))
            return
        if happening.kind == "anr":
            self._hangs.clear()
        if happening.kind == "crash":
            self._crashed.add(happening.pid)
        instant = log.instant(happening, wall_ns, self._recording.place)
        if instant is None:
            self._recording.note(f"log: {happening.kind} at a time that cannot be placed: {happening.text}")
        else:
            self._recording.keep(Reading(instants=(instant,)), "log", lambda _: "")

    def _tell_tombstones(self, start_ns: int) -> None:
        """Those of the assistant whose crash the log did not tell."""
        with suppress(HandsetError):
            for name in sorted(self._handset.files.entries(TOMBSTONES)):
                if name.startswith("tombstone_") and not name.endswith(".pb"):
                    self._tell_tombstone(f"{TOMBSTONES}/{name}", start_ns)

    def _tell_tombstone(self, path: str, start_ns: int) -> None:
        try:
            crash = tombstone.parse(self._handset.files.read(path, limit=LARGEST).decode("utf-8", "replace"))
        except (HandsetError, DumpError):
            return
        happening = log.Happening(0, "crash", f"{log.crash_text(crash)} ({path})", crash.pid)
        if crash.process != self._package or crash.time_ns is None or crash.pid in self._crashed:
            return
        instant = log.instant(happening, crash.time_ns, self._recording.place)
        if instant is not None and instant.device_ns + instant.bound_ns >= start_ns:
            self._keep(happening, crash.time_ns)
