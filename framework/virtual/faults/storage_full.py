"""Storage is full: somebody's videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    taken = device.files.reserve(max(0, device.files.free_bytes() - round(size * 1e6)))

    def end() -> None:
        device.files.reserve(-taken)

    return end


STORAGE_FULL = Fault(
    "storage_full",
    "so much of /data is left: writing gives ENOSPC, installing INSTALL_FAILED_INSUFFICIENT_STORAGE",
    _begin,
    Size("MB", usual=0, least=0, most=1_000_000),
    several=False,
)
