"""adbd is started anew, as init does it after a crash, and `adb tcpip` on purpose."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from framework.virtual.android.boot import NATIVE, spawn
from framework.virtual.faults.adbd import adbd_of
from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device

ADBD = "/apex/com.android.adbd/bin/adbd"


def _begin(device: Device, size: float) -> End:
    adbd = adbd_of(device)
    adbd.leave()
    process = device.processes.by_name(ADBD)
    if process is not None:
        process.signal(signal.SIGKILL)

    def end() -> None:
        if device.processes.by_name(ADBD) is None:
            spawn(device.processes, [entry for entry in NATIVE if entry.name == ADBD], anew=True)
        adbd.come_back()

    return end


ADBD_RESTART = Fault(
    "adbd_restart",
    "adbd drops every connection, and takes new ones after so long; what ran for them gets SIGHUP",
    _begin,
    Size("s", usual=0.5, least=0.01, most=3600),
    lasts="its size",
    several=False,
)
