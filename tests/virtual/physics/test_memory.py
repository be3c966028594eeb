"""Memory of the whole handset and of its processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.physics.memory import MIB

if TYPE_CHECKING:
    from conftest import MakeBed

GIB = 1 << 30


def test_mapped_weights_are_file_backed(bed: MakeBed) -> None:
    """RssFile grows by the declared bytes, RssAnon not; the peak is kept after release."""
    handset = bed()
    process = handset.processes.spawn("org.example", 10200)
    anon, file = process.memory.anon_bytes, process.memory.file_bytes
    handset.physics.memory.map_weights(process, 2 * GIB)
    assert (process.memory.anon_bytes, process.memory.file_bytes) == (anon, file + 2 * GIB)
    handset.physics.memory.release(process, file=2 * GIB)
    assert process.memory.file_bytes == file
    assert process.memory.hwm_bytes == anon + file + 2 * GIB


def test_what_a_process_takes_is_no_longer_free(bed: MakeBed) -> None:
    """Anonymous memory leaves free and available alike; mapped files can partly be given back."""
    handset = bed()
    memory, process = handset.physics.memory, handset.processes.spawn("org.example", 10200)
    free, available = memory.free_bytes, memory.available_bytes
    memory.allocate(process, GIB)
    assert (free - memory.free_bytes, available - memory.available_bytes) == (GIB, GIB)
    memory.map_weights(process, GIB)
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


def test_no_more_is_resident_than_there_is_room(bed: MakeBed) -> None:
    """Weights beyond the memory stay on storage."""
    handset = bed("xiaomi-10")
    memory, process = handset.physics.memory, handset.processes.spawn("org.example", 10200)
    room = memory.available_bytes
    memory.map_weights(process, 40 * GIB)
    assert process.memory.file_bytes <= room + 4 * MIB
    assert memory.free_bytes >= 0


def test_release_takes_at_most_what_is_held(bed: MakeBed) -> None:
    """Never below zero."""
    handset = bed()
    process = handset.processes.spawn("org.example", 10200)
    handset.physics.memory.release(process, anon=GIB, file=GIB)
    assert (process.memory.anon_bytes, process.memory.file_bytes) == (0, 0)
