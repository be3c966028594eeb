"""The handset lay in the sun: all of it is warmer than it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size, over

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    thermal = device.physics.thermal
    thermal.heat_to(thermal.temperature_c("skin", device.clock.now_ns()) + size)
    return over


START_HEAT = Fault(
    "start_heat",
    "all of the handset is brought to so much above the temperature of its skin; it cools down by itself",
    _begin,
    Size("°C", usual=8, least=0, most=60),
    lasts="no time",
)
