"""The line between a handset and its hosts: how fast it is, and whether adbd heeds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.virtual.clock import DeviceClock


@dataclass(frozen=True, slots=True)
class Quality:
    """So many bytes a second in each direction, each of them `latency_ns` on its way, in device time."""

    clock: DeviceClock
    bytes_per_s: float
    latency_ns: int


@dataclass(slots=True)
class Line:
    """The state of the line of one handset, for all its connections."""

    quality: Quality | None = None
    """None: as fast as it gets."""

    deaf: bool = False
    """adbd takes connections and says nothing on them: hosts call it offline."""


class Way:
    """One direction of one connection: bytes arrive in their order, none before its time."""

    def __init__(self, line: Line, arrived: Callable[[bytes], None]) -> None:
        self._line, self._arrived = line, arrived
        self._free_ns = 0
        self._under_way = 0
        self._last: tuple[DeviceClock, int] | None = None
        """When what was sent last arrives."""

    def carry(self, data: bytes) -> None:
        """Hand over `data` when it has come through; what is under way stays ahead of it."""
        quality = self._line.quality
        if quality is not None:
            sent_ns = max(self._free_ns, quality.clock.now_ns())
            self._free_ns = sent_ns + round(len(data) / quality.bytes_per_s * 1e9)
            self._last = quality.clock, self._free_ns + quality.latency_ns
        if self._last is None or (quality is None and not self._under_way):
            self._arrived(data)
            return
        clock, due_ns = self._last
        self._under_way += 1
        clock.at(due_ns, lambda _: self._arrive(data))

    def _arrive(self, data: bytes) -> None:
        self._under_way -= 1
        self._arrived(data)
