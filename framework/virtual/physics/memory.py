"""Memory of the whole handset: what the system takes, what processes hold, what is left, and how room is made.

When little is left, pages are taken as kswapd takes them: the page cache of the system first, then in equal parts
clean pages of mapped weights and anonymous pages of the processes that are needed least, which go to zram, then
those of the others. What is then still short is pressure: allocations wait, and the low-memory killer is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from framework.virtual.profiles.record import Memory as MemoryFacts

MIB = 1 << 20
CACHE_SHARE = 0.35
"""Part of the system's memory at rest that is page cache and can be given back."""

CACHE_FLOOR = 0.3
"""Part of that cache which is in use all the time: libraries, fonts, databases."""

MIN_SHARE, LOW_SHARE, HIGH_SHARE = 0.007, 0.014, 0.02
"""Watermarks of free memory as shares of all of it; with Android's extra_free_kbytes some 150 MB on 11 GB."""

ZRAM_RATIO = 2.8
"""How far lz4 compresses anonymous pages of apps."""

SWAPPABLE = 0.75
"""Part of a process's anonymous pages that can go to zram; the rest is touched all the time."""

EVICTABLE = 0.97
"""Part of mapped weights that can be dropped."""

BATCH_BYTES = 8 * MIB
"""How much is allocated between two looks at what is left."""

CACHED_ADJ = 700
"""oom_score_adj from which a process is in the background: ProcessList.PREVIOUS_APP_ADJ."""


class Pages(Protocol):
    """The memory of one process, in bytes; see `ProcessMemory`."""

    anon_bytes: int
    file_bytes: int
    swap_bytes: int
    hwm_bytes: int
    mapped_bytes: int
    weights_bytes: int
    wanted_bytes: int
    read_bytes: int


class Holder(Protocol):
    """A process, seen as one that holds memory."""

    @property
    def memory(self) -> Pages: ...

    @property
    def running(self) -> bool: ...


class Memory:
    """Total, free and available bytes, as the processes that `holders` lists use them.

    What the system holds at rest includes the processes that run when this is made; `settle` is called before
    anything changes. `priority` gives the oom_score_adj of a process; `on_pressure` is called when room is short
    and nothing can be reclaimed.
    """

    def __init__(
        self, facts: MemoryFacts, holders: Callable[[], Iterable[Holder]], settle: Callable[[], object] = lambda: None
    ) -> None:
        self.total_bytes = facts.total_mb * MIB
        self.swap_bytes = facts.swap_mb * MIB
        self.priority: Callable[[Holder], int] = lambda holder: 0
        self.on_pressure: Callable[[], None] = lambda: None
        self._holders = holders
        self._settle = settle
        at_rest = sum(holder.memory.anon_bytes + holder.memory.file_bytes for holder in holders())
        system_bytes = max(0, facts.system_mb * MIB - at_rest)
        self._cache_bytes = int(system_bytes * CACHE_SHARE)
        self._cache_floor = int(self._cache_bytes * CACHE_FLOOR)
        self._system_bytes = system_bytes - self._cache_bytes
        self._unlooked = 0
        self._tight = False
        self._thrashing: Holder | None = None

    # -- what is there -----------------------------------------------------------------------------------------

    @property
    def cached_bytes(self) -> int:
        """Page cache: the system's files, and those that processes have mapped."""
        return self._cache_bytes + sum(holder.memory.file_bytes for holder in self._holders())

    @property
    def anon_bytes(self) -> int:
        return self._system_bytes + sum(holder.memory.anon_bytes for holder in self._holders())

    @property
    def swapped_bytes(self) -> int:
        """Anonymous bytes that lie in zram, before compression."""
        return sum(holder.memory.swap_bytes for holder in self._holders())

    @property
    def zram_bytes(self) -> int:
        """Memory that zram takes for them."""
        return int(self.swapped_bytes / ZRAM_RATIO)

    @property
    def free_bytes(self) -> int:
        return max(0, self.total_bytes - self.anon_bytes - self.cached_bytes - self.zram_bytes)

    @property
    def available_bytes(self) -> int:
        """What a new program could have without swapping (MemAvailable)."""
        return self.free_bytes + self.cached_bytes // 2

    @property
    def swap_free_bytes(self) -> int:
        return self.swap_bytes - self.swapped_bytes

    @property
    def min_bytes(self) -> int:
        """The lowest watermark: below it, only the kernel itself may allocate."""
        return int(self.total_bytes * MIN_SHARE)

    @property
    def low_bytes(self) -> int:
        """The watermark below which pages are reclaimed."""
        return int(self.total_bytes * LOW_SHARE)

    @property
    def short(self) -> bool:
        """Whether there is too little although everything was reclaimed that can be."""
        return any(holder.memory.wanted_bytes for holder in self._holders()) or self.free_bytes < self.low_bytes

    @property
    def thrashing(self) -> bool:
        """Whether weights that are used had to be read again and could not stay."""
        holder = self._thrashing
        return holder is not None and holder.running and holder.memory.weights_bytes < holder.memory.mapped_bytes

    # -- what processes do -------------------------------------------------------------------------------------

    def map_weights(self, process: Holder, declared_bytes: int) -> None:
        """Map a file of weights; its pages become resident when they are touched."""
        self._settle()
        process.memory.mapped_bytes += declared_bytes

    def unmap_weights(self, process: Holder) -> None:
        self._settle()
        memory = process.memory
        memory.file_bytes -= memory.weights_bytes
        memory.mapped_bytes = memory.weights_bytes = 0

    def touch(self, process: Holder, amount: int | None = None) -> int:
        """Read `amount` bytes more of the mapped weights, or all that are missing; returns the bytes read.

        As many stay resident as there is room for; what the process has in zram comes back as far as there is more.
        """
        memory = process.memory
        missing = memory.mapped_bytes - memory.weights_bytes
        read = missing if amount is None else min(amount, missing)
        if memory.swap_bytes and amount is None:
            self._swap_in(memory)
        if not read:
            return 0
        self._settle()
        kept = self._room_for(read, process)
        self._thrashing = process if amount is None and kept < read else None
        memory.weights_bytes += kept
        memory.file_bytes += kept
        memory.read_bytes += read
        _note_peak(memory)
        self._look(read)
        return read

    def allocate(self, process: Holder, amount: int) -> None:
        """Anonymous memory: heaps, KV caches. What there is no room for is waited for."""
        self._settle()
        process.memory.wanted_bytes += amount
        self._grant(process)
        self._look(amount)

    def release(self, process: Holder, *, anon: int = 0) -> None:
        """Give anonymous bytes back, at most what is held: what is waited for, then swapped, then resident ones."""
        self._settle()
        memory = process.memory
        for name in ("wanted_bytes", "swap_bytes", "anon_bytes"):
            given = min(anon, getattr(memory, name))
            setattr(memory, name, getattr(memory, name) - given)
            anon -= given
        self.room_made()

    def room_made(self) -> None:
        """Serve who waits, as after a kill."""
        for holder in self._holders():
            if holder.memory.wanted_bytes:
                self._grant(holder)

    # -- how ---------------------------------------------------------------------------------------------------

    def _look(self, taken: int) -> None:
        """Reclaim when free memory may have fallen below its watermark."""
        self._unlooked += taken
        if self._unlooked < BATCH_BYTES:
            return
        self._unlooked = 0
        if self.free_bytes < self.low_bytes:
            self._reclaim(self._high_bytes - self.free_bytes)
        self._tight = self.short
        if self._tight or self.thrashing:
            self.on_pressure()

    def _grant(self, process: Holder) -> None:
        memory = process.memory
        granted = min(memory.wanted_bytes, self._room_for(memory.wanted_bytes))
        memory.wanted_bytes -= granted
        memory.anon_bytes += granted
        _note_peak(memory)

    def _room_for(self, amount: int, spared: Holder | None = None) -> int:
        """Bytes of `amount` that can be had now, reclaiming where needed; weights of `spared` stay."""
        if amount < BATCH_BYTES and not self._tight:
            return amount
        missing = amount + self.min_bytes - self.free_bytes
        if missing > 0:
            self._reclaim(missing, spared)
        return min(amount, max(0, self.free_bytes - self.min_bytes))

    def _reclaim(self, wanted: int, spared: Holder | None = None) -> None:
        """Free `wanted` bytes, or as many as can be."""
        dropped = min(wanted, self._cache_bytes - self._cache_floor)
        self._cache_bytes -= dropped
        wanted -= dropped
        holders = sorted((each for each in self._holders() if each.running), key=self.priority, reverse=True)
        background = [each for each in holders if self.priority(each) >= CACHED_ADJ]
        mapped = [each for each in holders if each is not spared]
        wanted -= self._evict(mapped, wanted // 2)
        wanted -= self._swap_out(background, wanted)
        wanted -= self._evict(mapped, wanted)
        self._swap_out(holders, wanted)

    def _evict(self, holders: Iterable[Holder], wanted: int) -> int:
        """Drop clean pages of mapped weights; returns the bytes freed."""
        freed = 0
        for memory in _memories(holders):
            pinned = int(memory.mapped_bytes * (1 - EVICTABLE))
            dropped = min(wanted - freed, max(0, memory.weights_bytes - pinned))
            memory.weights_bytes -= dropped
            memory.file_bytes -= dropped
            freed += dropped
        return freed

    def _swap_out(self, holders: Iterable[Holder], wanted: int) -> int:
        """Move anonymous pages to zram; returns the bytes freed, which are fewer than those moved."""
        freed = 0
        for memory in _memories(holders):
            moved = int((wanted - freed) / (1 - 1 / ZRAM_RATIO))
            may_go = int((memory.anon_bytes + memory.swap_bytes) * SWAPPABLE) - memory.swap_bytes
            moved = max(0, min(moved, may_go, self.swap_free_bytes))
            memory.anon_bytes -= moved
            memory.swap_bytes += moved
            freed += moved - int(moved / ZRAM_RATIO)
        return freed

    def _swap_in(self, memory: Pages) -> None:
        room = max(0, self.free_bytes - self._high_bytes)
        moved = min(memory.swap_bytes, int(room / (1 - 1 / ZRAM_RATIO)))
        memory.swap_bytes -= moved
        memory.anon_bytes += moved
        _note_peak(memory)

    @property
    def _high_bytes(self) -> int:
        return int(self.total_bytes * HIGH_SHARE)


def _memories(holders: Iterable[Holder]) -> Iterator[Pages]:
    return (holder.memory for holder in holders)


def _note_peak(pages: Pages) -> None:
    pages.hwm_bytes = max(pages.hwm_bytes, pages.anon_bytes + pages.file_bytes)
