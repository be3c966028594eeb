"""The app in front does not respond: its first thread hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size, over
from framework.virtual.faults.front import app_in_front

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    device.activities.failures.anr(app_in_front(device).process, hung_ns=round(size * 1e9))
    return over


ANR = Fault(
    "anr",
    "the app in front hangs for so long; after 5 s Android says so, and kills it where dialogs are hidden, as in a run",
    _begin,
    Size("s", usual=9, least=5, most=600),
    lasts="its size",
)
