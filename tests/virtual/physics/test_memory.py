"""Memory of the whole handset and of its processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.physics.memory import EVICTABLE, MIB, Memory
from framework.virtual.profiles.record import Memory as MemoryFacts
from framework.virtual.system.processes import Process

if TYPE_CHECKING:
    from conftest import MakeBed

GIB = 1 << 30
FACTS = MemoryFacts(sold_gb=4, total_mb=4096, swap_mb=2048, system_mb=1024, storage_gb=64)


class Handset:
    """Three processes: one in front, two in the background."""

    def __init__(self) -> None:
        self.front, self.older, self.oldest = (Process(pid, 1, 10000 + pid, f"p{pid}", 0) for pid in (1, 2, 3))
        self.processes = [self.front, self.older, self.oldest]
        for process in self.processes:
            process.memory.anon_bytes, process.memory.file_bytes = 200 * MIB, 0
        self.pressed = 0
        self.memory = Memory(FACTS, lambda: [each for each in self.processes if each.running])
        self.memory.priority = lambda holder: {self.front: 0, self.older: 900, self.oldest: 950}[holder]  # type: ignore[index]
        self.memory.on_pressure = self._press

    def _press(self) -> None:
        self.pressed += 1


def load(memory: Memory, process: Process, size: int) -> None:
    memory.map_weights(process, size)
    memory.touch(process)


def test_mapped_weights_become_resident_as_they_are_touched(bed: MakeBed) -> None:
    """Mapping alone takes nothing; each touch raises RssFile by what it read, RssAnon never; the peak is kept."""
    handset = bed()
    process, memory = handset.processes.spawn("org.example", 10200), handset.physics.memory
    anon, file = process.memory.anon_bytes, process.memory.file_bytes
    memory.map_weights(process, 2 * GIB)
    assert process.memory.file_bytes == file
    read = [memory.touch(process, GIB // 2) for _ in range(5)]
    assert read == [GIB // 2] * 4 + [0]
    assert (process.memory.anon_bytes, process.memory.file_bytes) == (anon, file + 2 * GIB)
    assert process.memory.read_bytes == 2 * GIB
    memory.unmap_weights(process)
    assert process.memory.file_bytes == file
    assert process.memory.hwm_bytes == anon + file + 2 * GIB


def test_what_a_process_takes_is_no_longer_free(bed: MakeBed) -> None:
    """Anonymous memory leaves free and available alike; mapped files can partly be given back."""
    handset = bed()
    memory, process = handset.physics.memory, handset.processes.spawn("org.example", 10200)
    free, available = memory.free_bytes, memory.available_bytes
    memory.allocate(process, GIB)
    assert (free - memory.free_bytes, available - memory.available_bytes) == (GIB, GIB)
    load(memory, process, GIB)
    assert free - memory.free_bytes == 2 * GIB
    assert available - memory.available_bytes == GIB + GIB // 2


def test_it_comes_back_when_the_process_ends(bed: MakeBed) -> None:
    """A dead process holds nothing."""
    handset = bed()
    memory, process = handset.physics.memory, handset.processes.spawn("org.example", 10200)
    free = memory.free_bytes + process.memory.rss_bytes
    memory.allocate(process, GIB)
    process.signal(9)
    assert memory.free_bytes == free


def test_weights_beyond_the_memory_are_read_again_and_again() -> None:
    """What has no room stays on storage, and every pass reads it; the killer hears of the thrashing."""
    handset = Handset()
    load(handset.memory, handset.front, 6 * GIB)
    again = [handset.memory.touch(handset.front) for _ in range(3)]
    assert all(2 * GIB < read < 4 * GIB for read in again)
    assert handset.memory.thrashing
    assert handset.pressed > 0


def test_pressure_takes_cache_then_weights_and_background_then_the_app_itself() -> None:
    """RSS of idle weights falls and swap fills while the app in front keeps its own pages to the last."""
    handset = Handset()
    memory, hog = handset.memory, Process(9, 1, 0, "hog", 0)
    handset.processes.append(hog)
    memory.priority = lambda holder: {handset.older: 900, handset.oldest: 950}.get(holder, 0)  # type: ignore[call-overload]
    load(memory, handset.front, GIB)
    seen = []
    for _ in range(700):
        memory.allocate(hog, 8 * MIB)
        front = handset.front.memory
        seen.append((memory.cached_bytes - front.file_bytes, front.weights_bytes, front.swap_bytes))
    caches, weights, swapped = zip(*seen, strict=True)
    assert list(caches) == sorted(caches, reverse=True)
    assert list(weights) == sorted(weights, reverse=True)
    assert list(swapped) == sorted(swapped)
    first_evicted = next(n for n, each in enumerate(weights) if each < GIB)
    first_swapped = next(n for n, each in enumerate(swapped) if each)
    assert caches[first_evicted] < caches[0]
    assert weights[first_swapped] <= GIB * (1 - EVICTABLE) + MIB
    assert handset.oldest.memory.swap_bytes > 0
    assert handset.pressed > 0


def test_what_waits_is_served_once_somebody_is_gone() -> None:
    """An allocation without room is not resident; after a kill it is."""
    handset = Handset()
    handset.memory.allocate(handset.front, 8 * GIB)
    memory = handset.front.memory
    waiting, held = memory.wanted_bytes, memory.anon_bytes + memory.swap_bytes
    assert waiting > 0
    assert handset.memory.short
    handset.older.signal(9)
    handset.memory.room_made()
    assert memory.anon_bytes + memory.swap_bytes > held
    assert memory.wanted_bytes < waiting


def test_evicted_weights_and_swapped_pages_come_back_with_use() -> None:
    """Once the hog is gone, one pass reads what was evicted and brings the process back from zram."""
    handset = Handset()
    memory, hog = handset.memory, Process(9, 1, 0, "hog", 0)
    handset.processes.append(hog)
    memory.priority = lambda holder: 0
    load(memory, handset.front, GIB)
    memory.allocate(hog, 4 * GIB)
    evicted, swapped = GIB - handset.front.memory.weights_bytes, handset.front.memory.swap_bytes
    assert evicted > 0 < swapped
    hog.signal(9)
    assert memory.touch(handset.front) == evicted
    assert memory.touch(handset.front) == 0
    assert (handset.front.memory.weights_bytes, handset.front.memory.swap_bytes) == (GIB, 0)


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["allocate", "release", "load", "touch", "unmap", "die"]), st.integers(0, 2000)),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(actions=ACTIONS)
def test_the_books_balance_whatever_happens(actions: list[tuple[str, int]]) -> None:
    """Nothing is negative, swap holds no more than there is, and all parts together are the memory there is."""
    handset = Handset()
    memory = handset.memory
    for number, (action, size) in enumerate(actions):
        process = handset.processes[number % 3]
        match action:
            case "allocate":
                memory.allocate(process, size * MIB)
            case "release":
                memory.release(process, anon=size * MIB)
            case "load":
                load(memory, process, size * MIB)
            case "touch":
                memory.touch(process)
            case "unmap":
                memory.unmap_weights(process)
            case _ if size < 200:
                process.signal(9)
        parts = [each.memory for each in handset.processes if each.running]
        assert all(value >= 0 for part in parts for value in (part.anon_bytes, part.file_bytes, part.swap_bytes))
        assert all(0 <= part.weights_bytes <= min(part.mapped_bytes, part.file_bytes) for part in parts)
        assert 0 <= memory.swapped_bytes <= memory.swap_bytes
        used = memory.anon_bytes + memory.cached_bytes + memory.zram_bytes
        assert used + memory.free_bytes <= memory.total_bytes + 8 * MIB
        assert memory.free_bytes == max(0, memory.total_bytes - used)


def test_release_takes_at_most_what_is_held(bed: MakeBed) -> None:
    """Never below zero."""
    handset = bed()
    process = handset.processes.spawn("org.example", 10200)
    handset.physics.memory.release(process, anon=GIB)
    assert process.memory.anon_bytes == 0
