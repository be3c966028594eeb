"""adbd of a handset, for the faults of its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import FaultError

if TYPE_CHECKING:
    from framework.virtual.adb.server import AdbServer
    from framework.virtual.device import Device


def adbd_of(device: Device) -> AdbServer:
    if device.adbd is None:
        raise FaultError("nobody is connected to this handset")
    return device.adbd
