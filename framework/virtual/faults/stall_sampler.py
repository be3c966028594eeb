"""Everything that runs as the user `shell` stands still, as the freezer of a power-saving vendor does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size
from framework.virtual.system.users import SHELL

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    return device.freezer.freeze(SHELL)


STALL_SAMPLER = Fault(
    "stall_sampler",
    "the processes of the user shell, the sampler among them, stand still for so long",
    _begin,
    Size("s", usual=3, least=0.01, most=3600),
    lasts="its size",
)
