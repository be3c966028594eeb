"""The handset restarts by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from framework.virtual import reboot
from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    going_down = asyncio.get_running_loop().create_task(reboot.go_down(device))

    def end() -> None:
        going_down.add_done_callback(lambda _: reboot.come_up(device))

    return end


REBOOT = Fault(
    "reboot",
    "the handset restarts: boot time from 0, another boot_id, no process left; adbd is back after so long",
    _begin,
    Size("s", usual=20, least=1, most=600),
    lasts="its size",
    several=False,
)
