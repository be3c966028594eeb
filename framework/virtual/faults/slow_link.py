"""A bad cable, or a far handset on a poor network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.adb.line import Quality
from framework.virtual.faults.adbd import adbd_of
from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float, latency_ms: float) -> End:
    line = adbd_of(device).line
    line.quality = Quality(device.clock, size * 1000, round(latency_ms * 1e6))

    def end() -> None:
        line.quality = None

    return end


SLOW_LINK = Fault(
    "slow_link",
    "adb's line carries so much a second in each direction, and each packet is so long on its way",
    _begin,
    Size("KB/s", usual=200, least=1, most=1_000_000),
    second=Size("ms", usual=80, least=0, most=60_000),
    several=False,
)
