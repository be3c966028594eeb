"""The handset restarts by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framework.virtual import reboot
from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    booting: list[reboot.Boot] = []
    over = False

    async def restart() -> None:
        await reboot.go_down(device)
        booting.append(reboot.Boot(device, round(size * 1e9)))
        if over:
            booting[0].finish()

    going = asyncio.get_running_loop().create_task(restart())

    def end() -> None:
        nonlocal over
        over = True
        if going.done():
            booting[0].finish()

    return end


REBOOT = Fault(
    "reboot",
    "the handset restarts: boot time from 0, another boot_id, no process left; adbd is back after a third of it, "
    "services after three quarters, sys.boot_completed at the end",
    _begin,
    Size("s", usual=20, least=1, most=600),
    lasts="its size",
    several=False,
)
