"""Ring buffers of log entries."""

from __future__ import annotations

import asyncio

from framework.virtual.android.logd import MAX_PAYLOAD_BYTES, RING_BYTES, LogBuffer, LogEntry
from framework.virtual.clock import DeviceClock


def log() -> tuple[LogBuffer, DeviceClock]:
    clock = DeviceClock(host_clock=lambda: 0)
    return LogBuffer(clock), clock


def write(buffer: LogBuffer, *messages: str) -> None:
    for message in messages:
        buffer.write("Tag", "I", message, pid=7, uid=10200)


def messages(entries: list[LogEntry]) -> list[str]:
    return [entry.message for entry in entries]


def test_entries_carry_device_time() -> None:
    """Boot time as given or as the clock has it, and the wall time that belongs to it."""
    buffer, clock = log()
    buffer.write("Tag", "W", "now", pid=1, uid=0)
    buffer.write("Tag", "W", "then", pid=1, tid=9, uid=0, ns=61_000_000_123)
    now, then = buffer.lines()
    assert (now.boot_ns, now.tid) == (clock.now_ns(), 1)
    assert (then.boot_ns, then.tid) == (61_000_000_123, 9)
    assert then.wall_ns - then.boot_ns == clock.wall_offset_ns


def test_buffers_are_apart_and_read_in_the_order_of_writing() -> None:
    """Only what was asked for, interleaved."""
    buffer, _ = log()
    for name in ("main", "system", "main", "events"):
        buffer.write("Tag", "I", name, pid=1, uid=0, buffer=name)  # type: ignore[arg-type]
    assert messages(buffer.lines()) == ["main", "system", "main"]
    assert messages(buffer.lines(("events", "system"))) == ["system", "events"]
    assert messages(buffer.lines(after=1)) == ["system", "main"]


def test_the_oldest_make_room() -> None:
    """A buffer never holds more than its size; a smaller one forgets more."""
    buffer, _ = log()
    for number in range(2000):
        write(buffer, f"{number} " + "x" * 500)
    limit, used = buffer.usage("main")
    assert used <= limit == RING_BYTES
    kept = messages(buffer.lines())
    assert kept[-1].startswith("1999 ")
    assert not kept[0].startswith("0 ")
    buffer.resize("main", 4096)
    write(buffer, "last")
    assert buffer.usage("main")[1] <= 4096


def test_clear_empties_one_buffer() -> None:
    """The others stay."""
    buffer, _ = log()
    write(buffer, "main")
    buffer.write("Tag", "I", "system", pid=1, uid=0, buffer="system")
    buffer.clear("main")
    assert messages(buffer.lines()) == ["system"]
    assert buffer.usage("main")[1] == 0


def test_a_long_message_is_cut_between_characters() -> None:
    """At logd's payload limit, in bytes."""
    buffer, _ = log()
    write(buffer, "好" * 3000)
    (entry,) = buffer.lines()
    assert len(entry.message.encode()) <= MAX_PAYLOAD_BYTES
    assert set(entry.message) == {"好"}


def test_a_follower_sees_what_is_there_and_what_comes() -> None:
    """Each entry once, in order; several followers do not take from each other."""

    async def follow(buffer: LogBuffer, count: int) -> list[str]:
        seen: list[str] = []
        async for entry in buffer.follow():
            seen.append(entry.message)
            if len(seen) == count:
                return seen
        raise AssertionError

    async def script() -> list[list[str]]:
        buffer, _ = log()
        write(buffer, "a", "b")
        readers = [asyncio.ensure_future(follow(buffer, 5)) for _ in range(2)]
        for message in ("c", "d", "e"):
            await asyncio.sleep(0)
            write(buffer, message)
        return list(await asyncio.gather(*readers))

    assert asyncio.run(script()) == [["a", "b", "c", "d", "e"]] * 2
