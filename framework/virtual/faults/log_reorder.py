"""Log lines overtake each other, as those of several writers do."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.android.logd import LogEntry
    from framework.virtual.clock import Timer
    from framework.virtual.device import Device

PATIENCE_NS = 100_000_000
"""How long a line that was kept back waits for others, in device time."""


class _Shuffle:
    """Lets each line pass up to `lines` later; what is kept back passes when no other comes."""

    def __init__(self, device: Device, lines: int) -> None:
        self._device = device
        self._lines = lines
        self._chance = Random(f"log_reorder {device.seed}")  # noqa: S311
        self._kept: list[tuple[int, int, LogEntry]] = []
        self._count = 0
        self._timer: Timer | None = None

    def take(self, entry: LogEntry) -> Sequence[LogEntry]:
        heapq.heappush(self._kept, (self._count + self._chance.randint(0, self._lines), -self._count, entry))
        self._count += 1
        self._wait()
        passing = []
        while self._kept and self._kept[0][0] < self._count:
            passing.append(heapq.heappop(self._kept)[2])
        return passing

    def flush(self) -> None:
        """Let everything pass."""
        if self._timer is not None:
            self._timer.cancel()
        while self._kept:
            self._device.log.put(heapq.heappop(self._kept)[2])

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        clock = self._device.clock
        self._timer = clock.at(clock.now_ns() + PATIENCE_NS, lambda _: self.flush())


def _begin(device: Device, size: float) -> End:
    shuffle = _Shuffle(device, round(size))
    undisturbed = device.log.disturb(shuffle.take)

    def end() -> None:
        undisturbed()
        shuffle.flush()

    return end


LOG_REORDER = Fault(
    "log_reorder",
    "each log line comes up to so many lines late; their times stay their own",
    _begin,
    Size("lines", usual=5, least=1, most=1000),
    several=False,
)
