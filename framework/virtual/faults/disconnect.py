"""adbd drops its connections, as when a cable moves or adbd is restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, FaultError, Size, over

if TYPE_CHECKING:
    from framework.virtual.adb.server import AdbServer
    from framework.virtual.device import Device


def adbd_of(device: Device) -> AdbServer:
    if device.adbd is None:
        raise FaultError("nobody is connected to this handset")
    return device.adbd


def _begin(device: Device, size: float) -> End:
    adbd = adbd_of(device)
    if size == 0:
        adbd.drop()
        return over
    adbd.leave()
    return adbd.come_back


DISCONNECT = Fault(
    "disconnect",
    "adbd drops every connection, and takes no new one for so long; 0 takes them at once",
    _begin,
    Size("s", usual=0, least=0, most=3600),
    lasts="its size",
    several=False,
)
