"""The skin's sensors show their values with the wrong sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault
from framework.virtual.faults.skin import distort_skin

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    return distort_skin(device, lambda reading: lambda celsius, now_ns: -celsius)


FLIPPED_SENSOR = Fault("flipped_sensor", "the sensors of the skin show -31 °C for 31 °C", _begin, several=False)
