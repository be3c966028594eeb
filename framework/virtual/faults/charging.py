"""A charger is plugged in, of any strength, or taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    power = device.physics.power
    before = power.supply_ma
    power.plug(size > 0, size or None)
    return lambda: power.plug(before is not None, before)


CHARGING = Fault(
    "charging",
    "a charger that gives so much at 5 V is plugged in; 0 takes the one there is out",
    _begin,
    Size("mA", usual=1500, least=0, most=20_000),
    several=False,
)
