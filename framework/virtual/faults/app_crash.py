"""The app in front raises what nobody catches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, over
from framework.virtual.faults.front import app_in_front

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    record = app_in_front(device)
    device.activities.crash(record.process, RuntimeError("a fault that was asked for"))
    return over


APP_CRASH = Fault(
    "app_crash", "the app in front ends with an uncaught exception, which the log tells", _begin, lasts="no time"
)
