"""Which app a fault is for: the one in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.android.packages import HOME
from framework.virtual.faults.fault import FaultError

if TYPE_CHECKING:
    from framework.virtual.android.activities import ActivityRecord
    from framework.virtual.device import Device


def app_in_front(device: Device) -> ActivityRecord:
    """The app that the user sees; FaultError when that is the launcher, or nothing."""
    record = device.activities.focused
    if record is None or any(HOME in each.categories for one in record.package.activities for each in one.filters):
        raise FaultError("no app is in front: start one first")
    return record
