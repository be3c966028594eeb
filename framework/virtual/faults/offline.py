"""adbd takes connections and says nothing on them, as one that hangs: adb calls the handset offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.adbd import adbd_of
from framework.virtual.faults.fault import End, Fault

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    adbd = adbd_of(device)
    adbd.line.deaf = True
    adbd.drop()

    def end() -> None:
        adbd.line.deaf = False
        adbd.drop()  # who was not heard cannot be answered any more

    return end


OFFLINE = Fault(
    "offline",
    "every connection ends; new ones are taken, and nothing is said on them (`adb devices`: offline)",
    _begin,
    several=False,
)
