"""The app in front is killed from outside, without a word of why."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, over
from framework.virtual.faults.front import app_in_front

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    app_in_front(device).process.signal(signal.SIGKILL)
    return over


KILL_APP = Fault("kill_app", "the process of the app in front gets SIGKILL", _begin, lasts="no time")
