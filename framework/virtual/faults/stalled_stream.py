"""Streams that stand still while their connection lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.adbd import adbd_of
from framework.virtual.faults.fault import End, Fault

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    streams = adbd_of(device).stall()

    def end() -> None:
        for stream in streams:
            stream.stall(stalled=False)

    return end


STALLED_STREAM = Fault(
    "stalled_stream",
    "the streams that are open (shell, logcat, sync …) give and take nothing any more, and do not end; new ones work",
    _begin,
)
