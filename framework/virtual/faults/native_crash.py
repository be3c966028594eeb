"""The app in front touches memory that is not its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, over
from framework.virtual.faults.front import app_in_front

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    device.activities.failures.native_crash(app_in_front(device).process)
    return over


NATIVE_CRASH = Fault("native_crash", "the app in front ends with SIGSEGV, and a tombstone", _begin, lasts="no time")
