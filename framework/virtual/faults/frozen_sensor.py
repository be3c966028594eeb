"""The skin's sensors go on showing what they last measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size
from framework.virtual.faults.skin import distort_skin

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.physics.sensors import Distortion, Reading


def _frozen(reading: Reading) -> Distortion:
    return lambda celsius, now_ns: reading.celsius


def _begin(device: Device, size: float) -> End:
    return distort_skin(device, _frozen)


FROZEN_SENSOR = Fault(
    "frozen_sensor",
    "the sensors of the skin show for so long what they showed at its beginning",
    _begin,
    Size("s", usual=60, least=0.25, most=86_400),
    lasts="its size",
    several=False,
)
