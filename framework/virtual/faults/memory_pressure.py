"""Another process takes memory: the camera, which Android does not kill for others."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device

NAME, UID, OOM_SCORE_ADJ = "/system/bin/cameraserver", 1047, -800


def _begin(device: Device, size: float) -> End:
    process = device.processes.spawn(NAME, UID)
    process.oom_score_adj = OOM_SCORE_ADJ
    device.physics.memory.allocate(process, round(size * 1e6))

    def end() -> None:
        process.signal(signal.SIGKILL)
        device.physics.memory.room_made()

    return end


MEMORY_PRESSURE = Fault(
    "memory_pressure",
    "another process (cameraserver) takes so much memory: pages are reclaimed and swapped, then processes killed",
    _begin,
    Size("MB", usual=4000, least=1, most=64_000),
)
