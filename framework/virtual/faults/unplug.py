"""The cable is out: no connection to adbd, and no charger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.adbd import adbd_of
from framework.virtual.faults.fault import End, Fault

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    adbd, power = adbd_of(device), device.physics.power
    before = power.supply_ma
    adbd.leave()
    power.plug(False, None)

    def end() -> None:
        adbd.come_back()
        power.plug(before is not None, before)

    return end


UNPLUG = Fault(
    "unplug",
    "the cable is out: every connection ends, none is taken, no charger feeds the handset, which goes on itself",
    _begin,
    several=False,
)
