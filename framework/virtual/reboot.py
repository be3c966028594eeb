"""Restarting a handset: what is in memory is gone, what is in storage stays, and so does its heat.

Booting takes device time. adbd is there long before Android is: meanwhile the shell works, and commands of Java's
services fail in the words of a phone that is still starting (`cmd: Can't find service: package`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from framework.virtual.android.app_process import log_system
from framework.virtual.android.boot import JAVA, NATIVE, spawn

if TYPE_CHECKING:
    from framework.virtual.clock import Timer
    from framework.virtual.device import Device

LAST_WORDS_NS = 1_000_000
"""What everything that is killed needs at most to end."""

BOOT_NS = 20_000_000_000
"""From the kernel's start to sys.boot_completed, on a handset that was up before."""

ADBD_SHARE, SERVICES_SHARE = 0.35, 0.75
"""When in that time adbd takes connections, and when system_server's services are there."""

_DOWN = {
    "sys.boot_completed": "",
    "dev.bootcomplete": "",
    "service.bootanim.exit": "0",
    "init.svc.bootanim": "running",
}
_UP = {
    "sys.boot_completed": "1",
    "dev.bootcomplete": "1",
    "service.bootanim.exit": "1",
    "init.svc.bootanim": "stopped",
}


async def go_down(device: Device) -> None:
    """Stop everything; from here on time counts from 0, and nothing runs until a `Boot`."""
    if device.adbd is not None:
        device.adbd.leave()
    device.ports.close()
    await device.processes.close()
    await device.clock.sleep(LAST_WORDS_NS)
    device.physics.settle()
    device.clock.restart(0)
    device.truth.restarted()
    device.physics.restart()
    device.log.restart()
    device.clipboard.restart()
    device.posture.reset()
    device.touch.cancel()
    _set(device, _DOWN)
    device.connectivity.restart()
    device.battery.reset()
    device.shade.collapse()
    device.dialogs.clear()
    device.power.turn(True)


async def restart(device: Device, takes_ns: int = BOOT_NS) -> None:
    """Go down and boot; returns when sys.boot_completed is 1."""
    await go_down(device)
    await Boot(device, takes_ns).done


class Boot:
    """A handset that is down and starts from now on, in three steps; `finish` takes those that are left at once."""

    def __init__(self, device: Device, takes_ns: int) -> None:
        self._device = device
        self._steps = deque([self._start_natives, self._start_services, self._complete])
        self._timers: list[Timer] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        began_ns = device.clock.now_ns()
        for share in (ADBD_SHARE, SERVICES_SHARE, 1.0):
            self._timers.append(device.clock.at(began_ns + round(share * takes_ns), lambda _: self._step()))

    def finish(self) -> None:
        for timer in self._timers:
            timer.cancel()
        while self._steps:
            self._step()

    def _step(self) -> None:
        self._steps.popleft()()

    def _start_natives(self) -> None:
        spawn(self._device.processes, NATIVE)
        if self._device.adbd is not None:
            self._device.adbd.come_back()

    def _start_services(self) -> None:
        spawn(self._device.processes, JAVA)

    def _complete(self) -> None:
        complete(self._device)
        if not self.done.done():
            self.done.set_result(None)


def complete(device: Device) -> None:
    """The launcher is shown, and whoever asks is told that Android is up."""
    device.activities.home()
    device.keyguard.booted()
    _set(device, _UP)
    log_system(device, "ActivityManager", "Finished processing BOOT_COMPLETED for u0")


def _set(device: Device, values: dict[str, str]) -> None:
    for name, value in values.items():
        device.properties.set(name, value)
