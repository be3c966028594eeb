from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.clock import SLIP_LIMIT_NS, DeviceClock, Line, WallOffset

MS = 1_000_000


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())  # type: ignore[arg-type]


def test_time_runs_at_speed() -> None:
    """With nothing pending, device time is host time times speed."""
    host = 0
    clock = DeviceClock(20, boot_ns=1000, host_clock=lambda: host)
    host = 5 * MS
    assert clock.now_ns() == 1000 + 100 * MS


def test_sleep_moves_boot_time_but_not_the_monotonic_clock() -> None:
    """Wall time is what it was; boot time and monotonic time go on side by side."""
    host = 0
    clock = DeviceClock(20, boot_ns=1000, host_clock=lambda: host)
    wall_ns = clock.wall_ns()
    clock.sleep_through(700)
    assert (clock.now_ns(), clock.monotonic_ns(), clock.wall_ns()) == (1700, 1000, wall_ns)
    host = 5 * MS
    assert (clock.now_ns(), clock.monotonic_ns()) == (1700 + 100 * MS, 1000 + 100 * MS)


def test_time_never_passes_a_pending_event() -> None:
    """While an event is pending, the clock stands at it however late the host is."""

    async def story() -> None:
        clock = DeviceClock(1)
        due = clock.now_ns() + 200 * MS
        clock.at(due, lambda _: None)
        await asyncio.sleep(0.01)  # the look at the clock has settled
        time.sleep(0.3)  # the loop is blocked: the host is late
        assert clock.now_ns() == due

    run(story)


def test_lateness_is_told_after_it_has_been_caught_up() -> None:
    """The worst of the last half second of host time, however many events were late; then it is forgotten."""

    async def story() -> None:
        host = 0
        clock = DeviceClock(10, boot_ns=0, host_clock=lambda: host)
        told = []
        for host_ms in (20, 100, 40, 400):
            clock.at(clock.now_ns(), lambda _: None)
            host += host_ms * MS
            for _ in range(50):
                await asyncio.sleep(0)
            told.append((clock.late_ns, clock.lag_ns))
            for _ in range(50):
                await asyncio.sleep(0)
        host += 501 * MS
        told.append((clock.late_ns, clock.lag_ns))
        assert told == [(ms * MS, 0) for ms in (20, 100, 100, 400, 0)]

    run(story)


def test_events_fire_in_order_at_their_own_times() -> None:
    """Whatever order events are added in, they fire in the order of their times, each told its own."""

    async def story() -> None:
        clock = DeviceClock(50)
        start = clock.now_ns()
        fired: list[tuple[int, int]] = []
        done = asyncio.Event()
        for step in (5, 1, 4, 2, 3):
            clock.at(start + step * 10 * MS, lambda at: fired.append((at - start, clock.now_ns() - start)))
        clock.at(start + 60 * MS, lambda _: done.set())
        await asyncio.wait_for(done.wait(), 5)
        assert fired == [(step * 10 * MS, step * 10 * MS) for step in (1, 2, 3, 4, 5)]

    run(story)


@settings(max_examples=10, deadline=None)
@given(speed=st.sampled_from([1.0, 20.0, 100.0]), steps=st.lists(st.integers(1, 20), min_size=1, max_size=20))
def test_a_task_finds_its_own_time_when_it_wakes(speed: float, steps: list[int]) -> None:
    """A task that sleeps until T acts at T exactly, also while other work blocks the event loop."""

    async def story() -> None:
        clock = DeviceClock(speed)
        late: list[int] = []

        async def stream() -> None:
            due = clock.now_ns()
            for step in steps:
                due += step * MS
                assert await clock.sleep_until(due) == due
                late.append(clock.now_ns() - due)

        async def hog() -> None:
            for _ in range(3):
                time.sleep(0.005)
                await asyncio.sleep(0)

        await asyncio.wait_for(asyncio.gather(stream(), hog()), 20)
        assert late == [0] * len(steps)

    run(story)


def test_who_reacts_to_the_outside_acts_at_one_time() -> None:
    """From the look at the clock to the first wait, over several tasks and slow host work, no time passes."""

    async def story() -> None:
        clock = DeviceClock(100)
        clock.at(clock.now_ns() + 10**12, lambda _: None)
        await asyncio.sleep(0.01)
        arrived = clock.now_ns()

        async def react() -> int:
            time.sleep(0.005)
            return await clock.sleep_until(arrived + MS)

        outer = asyncio.create_task(asyncio.wait_for(asyncio.create_task(react()), 5))
        assert await outer == arrived + MS

    run(story)


def test_slow_work_on_the_host_is_not_device_latency() -> None:
    """A computation that takes the host 100 ms arrives at its due time of 5 ms."""

    async def story() -> None:
        clock = DeviceClock(1)
        start = clock.now_ns()
        result = await clock.compute(lambda: time.sleep(0.1) or "heard", start + 5 * MS)
        assert (result, clock.now_ns() - start) == ("heard", 5 * MS)

    run(story)


def test_failing_work_frees_the_clock() -> None:
    """Work that raises tells its error and does not hold device time for ever."""

    async def story() -> None:
        clock = DeviceClock(1)
        with pytest.raises(ZeroDivisionError):
            await clock.compute(lambda: 1 // 0, clock.now_ns() + 50 * MS)
        assert await asyncio.wait_for(clock.sleep(MS), 5) > 0

    run(story)


def test_what_cannot_be_caught_up_is_given_up_and_counted() -> None:
    """Lateness beyond the limit shifts device time for good; lateness within it does not."""

    async def story() -> None:
        host = 0
        clock = DeviceClock(2, boot_ns=0, host_clock=lambda: host)
        done = asyncio.Event()
        clock.at(10 * MS, lambda _: done.set())
        host = 5 * MS + SLIP_LIMIT_NS + 30 * MS
        await asyncio.wait_for(done.wait(), 5)
        assert clock.slipped_ns == 2 * 30 * MS

    run(story)


def test_a_cancelled_timer_neither_fires_nor_holds_time() -> None:
    """Taking an event back lets the clock pass its time."""

    async def story() -> None:
        host = 0
        clock = DeviceClock(1, boot_ns=0, host_clock=lambda: host)
        fired: list[int] = []
        clock.at(MS, fired.append).cancel()
        host = 10 * MS
        await asyncio.sleep(0.01)
        assert (fired, clock.now_ns()) == ([], 10 * MS)

    run(story)


def test_speed_must_be_positive() -> None:
    """A clock that stands or runs backwards is refused."""
    with pytest.raises(ValueError, match="above 0"):
        DeviceClock(0)


def test_the_line_of_device_time_is_known_for_every_past_moment() -> None:
    """A slip begins a new line; on either side of it, the line of that time gives the device time."""

    async def story() -> None:
        host = 100
        clock = DeviceClock(2, boot_ns=0, host_clock=lambda: host)
        done = asyncio.Event()
        clock.at(10 * MS, lambda _: done.set())
        host = late = 100 + 5 * MS + SLIP_LIMIT_NS + 30 * MS
        await asyncio.wait_for(done.wait(), 5)
        assert list(clock.lines) == [Line(100, 0), Line(late, 2 * (late - 100) - 60 * MS)]
        assert clock.pair() == clock.lines[-1]

    run(story)


def test_setting_the_wall_clock_leaves_boot_time_alone() -> None:
    """The step and its time are remembered, one after the other."""
    host = 0
    clock = DeviceClock(1, boot_ns=0, host_clock=lambda: host)
    before = clock.wall_offset_ns
    host = 7
    clock.step_wall(-50)
    assert (clock.now_ns(), clock.wall_ns()) == (7, before - 50 + 7)
    assert list(clock.wall_offsets) == [WallOffset(0, before), WallOffset(7, before - 50)]


def test_a_restart_begins_boot_time_anew() -> None:
    """The wall clock goes on, sleep is forgotten, and what was pending is still as far away."""

    async def story() -> None:
        host = 0
        clock = DeviceClock(1, boot_ns=10**12, host_clock=lambda: host)
        clock.sleep_through(10**9)
        fired: list[int] = []
        clock.at(clock.now_ns() + 5 * MS, fired.append)
        wall = clock.wall_ns()
        clock.restart(0)
        assert (clock.now_ns(), clock.wall_ns(), clock.monotonic_ns()) == (0, wall, 0)
        assert list(clock.lines) == [Line(0, 0)]
        host = 20 * MS
        async with asyncio.timeout(5):
            while not fired:
                await asyncio.sleep(0.001)
        assert fired == [5 * MS]

    run(story)


class Moment:
    """What a property of the clock is checked at: host time moves, events are added and fire."""

    def __init__(self, speed: float) -> None:
        self.host = 0
        self.clock = DeviceClock(speed, boot_ns=0, host_clock=lambda: self.host)
        self.fired: list[tuple[int, int]] = []

    async def pass_host_time(self, ns: int) -> None:
        self.host += ns
        for _ in range(40):
            await asyncio.sleep(0)

    def add(self, in_ns: int) -> None:
        due = self.clock.now_ns() + in_ns
        self.clock.at(due, lambda at: self.fired.append((at, self.clock.now_ns())))


@settings(max_examples=40, deadline=None)
@given(
    speed=st.sampled_from([0.5, 1.0, 20.0, 60.0]),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 3 * SLIP_LIMIT_NS)), max_size=15),
)
def test_time_goes_forward_along_its_lines(speed: float, steps: list[tuple[bool, int]]) -> None:
    """However the host stumbles: time never runs backwards, never past its line, and events fire at their own times."""

    async def story() -> None:
        moment = Moment(speed)
        clock, seen = moment.clock, 0
        for is_event, ns in steps:
            if is_event:
                moment.add(ns)
            else:
                await moment.pass_host_time(ns)
            now = clock.now_ns()
            assert seen <= now <= clock.pair().device_ns
            seen = now
        assert moment.fired == sorted((at, at) for at, _ in moment.fired)
        shifted = sum(_jump(speed, before, after) for before, after in itertools.pairwise(clock.lines))
        assert abs(shifted - clock.slipped_ns) <= len(clock.lines)

    run(story)


def _jump(speed: float, before: Line, after: Line) -> int:
    """By how much device time was shifted from one line to the next."""
    return before.device_ns + int((after.host_ns - before.host_ns) * speed) - after.device_ns
