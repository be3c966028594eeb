"""The vendor limits the clocks of all CPUs, and no thermal status tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    cpus = device.physics.cpus
    cpus.cap(1 - size)
    return lambda: cpus.cap(None)


CLOCK_CAP = Fault(
    "clock_cap",
    "the clocks of all CPUs are limited to so much below nominal, beside what the heat does; inference slows down",
    _begin,
    Size("of nominal", usual=0.3, least=0, most=0.9),
    several=False,
)
