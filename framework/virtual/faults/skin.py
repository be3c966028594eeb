"""The sensors that say how warm the skin is: what Android's thermal status and most budgets go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End

if TYPE_CHECKING:
    from collections.abc import Callable

    from framework.virtual.device import Device
    from framework.virtual.physics.sensors import Distortion, Reading


def distort_skin(device: Device, how: Callable[[Reading], Distortion]) -> End:
    """Have each sensor of the skin show something else: `how` of what it shows now."""
    thermal = device.physics.thermal
    readings = [each for each in thermal.readings(device.clock.now_ns()) if each.sensor.node == "skin"]
    for reading in readings:
        thermal.distort(reading.sensor.name, how(reading))

    def end() -> None:
        for reading in readings:
            thermal.distort(reading.sensor.name, None)

    return end
