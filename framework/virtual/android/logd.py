"""logd: ring buffers of log entries, stamped in device time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from framework.virtual.clock import DeviceClock

Level = Literal["V", "D", "I", "W", "E", "F"]
Buffer = Literal["main", "system", "crash", "events", "radio"]

BUFFERS: tuple[Buffer, ...] = ("main", "system", "crash", "events", "radio")
DEFAULT_BUFFERS: tuple[Buffer, ...] = ("main", "system", "crash")
RING_BYTES = 256 * 1024
ENTRY_OVERHEAD_BYTES = 48
MAX_PAYLOAD_BYTES = 4068
"""LOGGER_ENTRY_MAX_PAYLOAD (AOSP liblog log_read.h)."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry; `sequence` counts all entries of the handset, `wall_ns` is since 1970, `boot_ns` since boot.

    `monotonic_ns` is since boot without the time that the handset was suspended.
    """

    sequence: int
    boot_ns: int
    wall_ns: int
    pid: int
    tid: int
    uid: int
    level: Level
    tag: str
    message: str
    buffer: Buffer
    monotonic_ns: int

    @property
    def size(self) -> int:
        return len(self.tag) + len(self.message.encode()) + ENTRY_OVERHEAD_BYTES


class _Ring:
    def __init__(self) -> None:
        self.limit = RING_BYTES
        self.used = 0
        self.entries: deque[LogEntry] = deque()

    def add(self, entry: LogEntry) -> None:
        self.entries.append(entry)
        self.used += entry.size
        while self.used > self.limit and len(self.entries) > 1:
            self.used -= self.entries.popleft().size

    def clear(self) -> None:
        self.entries.clear()
        self.used = 0


Disturbance = Callable[[LogEntry], Iterable[LogEntry]]
"""What of the log gets through when an entry is written: nothing, it, it again, or others that were kept back."""


class LogBuffer:
    """All buffers of one handset. The oldest entries of a full one make room."""

    def __init__(self, clock: DeviceClock) -> None:
        self._clock = clock
        self._rings = {name: _Ring() for name in BUFFERS}
        self._sequence = 0
        self._readers: set[asyncio.Event] = set()
        self._disturbances: list[Disturbance] = []

    def write(
        self,
        tag: str,
        level: Level,
        message: str,
        *,
        pid: int,
        tid: int | None = None,
        uid: int,
        ns: int | None = None,
        buffer: Buffer = "main",
    ) -> None:
        """Add an entry; `ns` is its boot time where the caller knows it better than the clock."""
        boot_ns = self._clock.now_ns() if ns is None else ns
        text = message.encode()[:MAX_PAYLOAD_BYTES].decode(errors="ignore")
        wall_ns = boot_ns + self._clock.wall_offset_ns
        monotonic_ns = boot_ns - self._clock.slept_ns
        who = (pid, tid or pid, uid)
        entry = LogEntry(self._sequence + 1, boot_ns, wall_ns, *who, level, tag, text, buffer, monotonic_ns)
        entries: Iterable[LogEntry] = (entry,)
        for disturb in self._disturbances:
            entries = [passed for each in entries for passed in disturb(each)]
        for each in entries:
            self.put(each)

    def put(self, entry: LogEntry) -> None:
        """Add an entry as it is but for its sequence: it is the newest."""
        self._sequence += 1
        ours = entry if entry.sequence == self._sequence else replace(entry, sequence=self._sequence)
        self._rings[entry.buffer].add(ours)
        for reader in self._readers:
            reader.set()

    def disturb(self, how: Disturbance) -> Callable[[], None]:
        """Let what is written from now on go through `how`, until what is returned is called."""
        self._disturbances.append(how)
        return lambda: self._disturbances.remove(how)

    def lines(self, buffers: Collection[Buffer] = DEFAULT_BUFFERS, *, after: int = 0) -> list[LogEntry]:
        """The entries there are, in order, of these buffers, with a sequence above `after`."""
        found = [entry for name in buffers for entry in _newest(self._rings[name].entries, after)]
        return sorted(found, key=lambda entry: entry.sequence)

    async def follow(self, buffers: Collection[Buffer] = DEFAULT_BUFFERS, *, after: int = 0) -> AsyncIterator[LogEntry]:
        """The entries there are and those to come, without end."""
        news = asyncio.Event()
        self._readers.add(news)
        try:
            while True:
                for entry in self.lines(buffers, after=after):
                    after = entry.sequence
                    yield entry
                if not self.lines(buffers, after=after):
                    news.clear()
                    await news.wait()
        finally:
            self._readers.discard(news)

    def restart(self) -> None:
        """logd begins anew: it keeps nothing over a restart of the handset."""
        for ring in self._rings.values():
            ring.clear()

    def clear(self, buffer: Buffer) -> None:
        self._rings[buffer].clear()

    def resize(self, buffer: Buffer, limit_bytes: int) -> None:
        self._rings[buffer].limit = limit_bytes

    def usage(self, buffer: Buffer) -> tuple[int, int]:
        """Bytes that a buffer may hold, and that it holds."""
        ring = self._rings[buffer]
        return ring.limit, ring.used


def _newest(entries: deque[LogEntry], after: int) -> list[LogEntry]:
    """The entries above a sequence number, found from the newest end: a reader is rarely far behind."""
    found: list[LogEntry] = []
    for entry in reversed(entries):
        if entry.sequence <= after:
            break
        found.append(entry)
    return found
