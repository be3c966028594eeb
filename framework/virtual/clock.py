"""Device time: a discrete-event clock that host delays hold back instead of leaking into latencies.

The handset's boot-time clock follows the host's monotonic clock times ``speed``, but never passes a pending
event. An event that the host is too slow for (recognition still computing, a busy machine) keeps device time
at that event; when it is done, the clock catches up event by event. What it cannot catch up within
`SLIP_LIMIT_NS` of host time it gives up: device time is then shifted for good and `slipped_ns` tells by how much.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

from framework.virtual.alarm import Alarm

T = TypeVar("T")

SLIP_LIMIT_NS = 1_000_000_000
"""Host time that the emulator may run late before device time is shifted."""

REMEMBERED_NS = 500_000_000
"""Host time for which it is remembered how late the emulator was."""

SETTLE_PASSES = 6
"""Turns of the event loop for which time stands still once somebody was woken at it or has looked at it."""

MOST_LINES = 10_000
"""Lines that are remembered: beyond that many slips, the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class Line:
    """From `host_ns` (the machine's CLOCK_MONOTONIC) on, boot time is `device_ns + (host - host_ns) * speed`.

    The next line begins where device time had to be shifted, or the handset was restarted.
    """

    host_ns: int
    device_ns: int


@dataclass(frozen=True, slots=True)
class WallOffset:
    """From `device_ns` on, the wall clock is `offset_ns` ahead of boot time."""

    device_ns: int
    offset_ns: int


class Timer:
    """One pending event; `cancel` takes it back. A `gate` does not fire: time waits there until it is cancelled."""

    __slots__ = ("_action", "due_ns", "gate")

    def __init__(self, due_ns: int, action: Callable[[int], None], *, gate: bool = False) -> None:
        self.due_ns = due_ns
        self.gate = gate
        self._action: Callable[[int], None] | None = action

    @property
    def pending(self) -> bool:
        return self._action is not None

    def cancel(self) -> None:
        self._action = None

    def fire(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action(self.due_ns)


class DeviceClock:
    """CLOCK_BOOTTIME of one handset in nanoseconds; lives in one asyncio loop.

    `boot_ns` is the up-time that the handset begins with; `wall_offset_ns` is added for its wall clock, and
    `slept_ns` is taken off for CLOCK_MONOTONIC.
    """

    def __init__(
        self,
        speed: float = 1.0,
        *,
        boot_ns: int = 60_000_000_000,
        host_clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        if not speed > 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        self.speed = speed
        self.slipped_ns = 0
        self.slept_ns = 0
        self.wall_offset_ns = time.time_ns() - boot_ns
        self.lines = deque([Line(host_clock(), boot_ns)], MOST_LINES)
        self.wall_offsets = deque([WallOffset(boot_ns, self.wall_offset_ns)], MOST_LINES)
        """Both of this boot, the valid one last."""

        self._host_clock = host_clock
        self._last = boot_ns
        self._events: list[tuple[int, int, Timer]] = []
        self._order = itertools.count()
        self._settling = 0
        self._behind: deque[tuple[int, int]] = deque()
        """Host time and lag of the last half second; each lag is less than those before it."""

        self._alarm: Alarm | None = None

    # -- reading -----------------------------------------------------------------------------------------------

    def now_ns(self) -> int:
        """Boot time now: host time times speed, held at the earliest pending event.

        Whoever looks at the clock is about to act at that time: it stands still until that has settled, so that
        neither the host's work in between nor a second look makes a later time of it.
        """
        if not self._settling:
            due = self._next_due()
            target = self._target_ns()
            self._last = max(self._last, target if due is None else min(target, due))
            self._settle()
        return self._last

    def monotonic_ns(self) -> int:
        """CLOCK_MONOTONIC: boot time without the time that the handset was suspended."""
        return self.now_ns() - self.slept_ns

    def wall_ns(self) -> int:
        """The handset's wall clock: nanoseconds since 1970."""
        return self.now_ns() + self.wall_offset_ns

    def pair(self) -> Line:
        """Host time and the device time that belongs to it, at this instant and without regard to pending events."""
        host_ns = self._host_clock()
        return Line(host_ns, self._on_line(host_ns))

    @property
    def lag_ns(self) -> int:
        """How far device time is behind the host's, in nanoseconds of host time."""
        return max(0, int((self._target_ns() - self.now_ns()) / self.speed))

    @property
    def late_ns(self) -> int:
        """How far it was behind at most in the last half second, in nanoseconds of host time."""
        self.now_ns()
        self._note_lag()
        return self._behind[0][1]

    # -- setting -----------------------------------------------------------------------------------------------

    def step_wall(self, by_ns: int) -> None:
        """Set the wall clock, as a user or network time does; boot time goes on undisturbed."""
        self.wall_offset_ns += by_ns
        self.wall_offsets.append(WallOffset(self.now_ns(), self.wall_offset_ns))

    def restart(self, boot_ns: int) -> None:
        """The handset begins anew at `boot_ns`; its wall clock goes on. What is still pending keeps its distance."""
        by_ns = boot_ns - self.now_ns()
        self.lines = deque([Line(self._host_clock(), boot_ns)], MOST_LINES)
        self._last = boot_ns
        for _, _, timer in self._events:
            timer.due_ns += by_ns
        self._events = [(due + by_ns, order, timer) for due, order, timer in self._events]
        self.wall_offset_ns -= by_ns
        self.wall_offsets = deque([WallOffset(boot_ns, self.wall_offset_ns)], MOST_LINES)
        self.slept_ns = 0
        self._arm()

    def sleep_through(self, ns: int) -> None:
        """The handset was suspended for `ns` until now; for the time before anything is scheduled on it."""
        origin = self.lines.pop()
        self.lines.append(Line(origin.host_ns, origin.device_ns + ns))
        self._last += ns
        self.slept_ns += ns
        self.wall_offset_ns -= ns
        self.wall_offsets = deque([WallOffset(self._last, self.wall_offset_ns)], MOST_LINES)

    # -- waiting -----------------------------------------------------------------------------------------------

    def at(self, due_ns: int, action: Callable[[int], None]) -> Timer:
        """Call `action(due_ns)` when device time reaches `due_ns`, at once for a time in the past."""
        return self._add(Timer(due_ns, action))

    async def sleep_until(self, due_ns: int) -> int:
        """Wait until `due_ns` and return it: the caller's time, also when the host was too late to ask for it."""
        arrived: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        timer = self.at(due_ns, lambda at: _resolve(arrived, at))
        try:
            return await arrived
        finally:
            timer.cancel()

    async def sleep(self, ns: int) -> int:
        return await self.sleep_until(self.now_ns() + ns)

    async def compute(self, work: Callable[[], T], due_ns: int) -> T:
        """Run `work` in a thread; its result is there at `due_ns` of device time, which waits for it."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[int] = loop.create_future()
        gate = self._add(Timer(due_ns, lambda at: _resolve(arrived, at), gate=True))
        try:
            result = await loop.run_in_executor(None, work)
            gate.gate = False
            self._arm()
            await arrived
        finally:
            gate.cancel()
            self._arm()
        return result

    # -- running -----------------------------------------------------------------------------------------------

    def _target_ns(self) -> int:
        return self._on_line(self._host_clock())

    def _on_line(self, host_ns: int) -> int:
        line = self.lines[-1]
        return line.device_ns + int((host_ns - line.host_ns) * self.speed)

    def _next_due(self) -> int | None:
        while self._events and not self._events[0][2].pending:
            heapq.heappop(self._events)
        return self._events[0][0] if self._events else None

    def _add(self, timer: Timer) -> Timer:
        heapq.heappush(self._events, (max(timer.due_ns, self.now_ns()), next(self._order), timer))
        self._arm()
        return timer

    def _arm(self) -> None:
        """See to it that `_pump` runs when the next event is due."""
        if self._settling:
            return
        self._disarm()
        due = self._next_due()
        if due is not None and not self._events[0][2].gate:
            self._alarm = self._alarm or Alarm(self._pump)
            self._alarm.set(ceil((due - self._target_ns()) / self.speed))

    def _disarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def _pump(self) -> None:
        if self._settling > 1:
            self._settling -= 1
            asyncio.get_running_loop().call_soon(self._pump)
            return
        if self._settling:
            self._note_lag()
        self._settling = 0
        self._fire_due()
        self._arm()

    def _fire_due(self) -> None:
        """Fire every event of the earliest due time, if the host has reached it and no gate stands there."""
        due, target = self._next_due(), self._target_ns()
        if due is None or due > target or self._events[0][2].gate:
            return
        self._give_up_lag(target - due)
        self._last = max(self._last, due)
        self._settle()
        for timer in self._take(due):
            timer.fire()

    def _settle(self) -> None:
        """Let time stand still for some turns of the event loop; outside of one, nothing can act at a time."""
        self._note_lag()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if not self._settling:
            self._disarm()
            loop.call_soon(self._pump)
        self._settling = SETTLE_PASSES

    def _note_lag(self) -> None:
        """While time stands still, and at the end of that, when it is furthest behind."""
        host_ns = self._host_clock()
        lag_ns = max(0, int((self._on_line(host_ns) - self._last) / self.speed))
        while self._behind and self._behind[-1][1] <= lag_ns:
            self._behind.pop()
        self._behind.append((host_ns, lag_ns))
        while self._behind[0][0] < host_ns - REMEMBERED_NS:
            self._behind.popleft()

    def _take(self, due: int) -> list[Timer]:
        taken = []
        while self._next_due() == due and not self._events[0][2].gate:
            taken.append(heapq.heappop(self._events)[2])
        return taken

    def _give_up_lag(self, behind_ns: int) -> None:
        excess = behind_ns - int(SLIP_LIMIT_NS * self.speed)
        if excess > 0:
            now = self.pair()
            self.lines.append(Line(now.host_ns, now.device_ns - excess))
            self.slipped_ns += excess


def _resolve(future: asyncio.Future[int], value: int) -> None:
    if not future.done():
        future.set_result(value)
