"""system_server dies, and zygote and all apps with it (AOSP com_android_internal_os_Zygote.cpp, SigChldHandler)."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from framework.virtual import reboot
from framework.virtual.android.boot import JAVA, NATIVE, SYSTEM_SERVER, ZYGOTE, spawn
from framework.virtual.faults.fault import End, Fault, FaultError
from framework.virtual.system.users import ROOT

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    processes = device.processes
    server, zygote = processes.by_name(SYSTEM_SERVER), processes.by_name(ZYGOTE)
    if server is None or zygote is None:
        raise FaultError("system_server does not run: the handset is starting")
    boot = device.truth.boot
    server.signal(signal.SIGKILL)
    text = f"Exit zygote because system server (pid {server.pid}) has terminated"
    device.log.write("Zygote", "E", text, pid=zygote.pid, uid=ROOT)
    for app in processes.children(zygote.pid):
        app.signal(signal.SIGKILL)
    zygote.signal(signal.SIGKILL)

    def end() -> None:
        if device.truth.boot == boot and processes.by_name(SYSTEM_SERVER) is None:
            spawn(processes, [*(entry for entry in NATIVE if entry.name == ZYGOTE), *JAVA], anew=True)
            reboot.complete(device)

    return end


PACKAGE_MANAGER_DEAD = Fault(
    "package_manager_dead",
    "system_server is dead and all apps with it: `cmd: Can't find service: package`, until it is started anew",
    _begin,
    several=False,
)
