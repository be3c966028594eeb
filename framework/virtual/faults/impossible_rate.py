"""Inference is faster than the memory of the handset allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    physics = device.physics
    physics.rate_factor = size

    def end() -> None:
        physics.rate_factor = 1.0

    return end


IMPOSSIBLE_RATE = Fault(
    "impossible_rate",
    "prompts are read and tokens produced so many times faster than the memory and the cores allow",
    _begin,
    Size("times", usual=4, least=0.1, most=100),
    several=False,
)
