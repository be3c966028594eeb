"""Memory of the whole handset: what the system takes, what processes hold, what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from framework.virtual.profiles.record import Memory as MemoryFacts

MIB = 1 << 20
CACHE_SHARE = 0.35
"""Part of the system's memory at rest that is page cache and can be given back."""


class Pages(Protocol):
    """The memory of one process, in bytes."""

    anon_bytes: int
    file_bytes: int
    swap_bytes: int
    hwm_bytes: int


class Holder(Protocol):
    """A process, seen as one that holds memory."""

    @property
    def memory(self) -> Pages: ...


class Memory:
    """Total, free and available bytes, as the processes that `holders` lists use them.

    What the system holds at rest includes the processes that run when this is made.
    """

    def __init__(self, facts: MemoryFacts, holders: Callable[[], Iterable[Holder]]) -> None:
        self.total_bytes = facts.total_mb * MIB
        self.swap_bytes = facts.swap_mb * MIB
        self._holders = holders
        at_rest = sum(holder.memory.anon_bytes + holder.memory.file_bytes for holder in holders())
        self._system_bytes = max(0, facts.system_mb * MIB - at_rest)

    @property
    def cached_bytes(self) -> int:
        """Page cache: the system's files, and those that processes have mapped."""
        return int(self._system_bytes * CACHE_SHARE) + sum(holder.memory.file_bytes for holder in self._holders())

    @property
    def anon_bytes(self) -> int:
        return int(self._system_bytes * (1 - CACHE_SHARE)) + sum(holder.memory.anon_bytes for holder in self._holders())

    @property
    def free_bytes(self) -> int:
        return max(0, self.total_bytes - self.anon_bytes - self.cached_bytes)

    @property
    def available_bytes(self) -> int:
        """What a new program could have without swapping (MemAvailable)."""
        return self.free_bytes + self.cached_bytes // 2

    @property
    def swapped_bytes(self) -> int:
        return sum(holder.memory.swap_bytes for holder in self._holders())

    def map_weights(self, process: Holder, declared_bytes: int) -> None:
        """Read a file of weights through mmap: its pages are file-backed, and as many resident as there is room."""
        process.memory.file_bytes += min(declared_bytes, self.available_bytes)
        _note_peak(process.memory)

    def allocate(self, process: Holder, amount: int) -> None:
        """Anonymous memory: heaps, KV caches."""
        process.memory.anon_bytes += amount
        _note_peak(process.memory)

    def release(self, process: Holder, *, anon: int = 0, file: int = 0) -> None:
        """Give bytes back, at most what is held."""
        memory = process.memory
        memory.anon_bytes -= min(anon, memory.anon_bytes)
        memory.file_bytes -= min(file, memory.file_bytes)


def _note_peak(pages: Pages) -> None:
    pages.hwm_bytes = max(pages.hwm_bytes, pages.anon_bytes + pages.file_bytes)
