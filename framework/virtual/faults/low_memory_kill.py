"""lmkd kills the app in front, although no other process has taken the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, over
from framework.virtual.faults.front import app_in_front

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    device.lmkd.kill(app_in_front(device).process)
    return over


LOW_MEMORY_KILL = Fault(
    "low_memory_kill", "lmkd kills the app in front, and the log tells why", _begin, lasts="no time"
)
