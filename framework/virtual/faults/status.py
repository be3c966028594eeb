"""The thermal status that Android tells has nothing to do with the heat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


SHUTDOWN = 6


def _begin(device: Device, size: float) -> End:
    thermal = device.physics.thermal
    before, thermal.override = thermal.override, round(size)

    def end() -> None:
        thermal.override = before

    return end


STATUS = Fault(
    "status",
    "the thermal status is this one, 0 (none) to 6 (shutdown), whatever the heat",
    _begin,
    Size("", usual=0, least=0, most=SHUTDOWN),
    several=False,
)
