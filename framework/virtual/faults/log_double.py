"""Log lines come twice, as from a reader that was reconnected and read on too early."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    chance = Random(f"log_double {device.seed}")  # noqa: S311
    return device.log.disturb(lambda entry: (entry, entry) if chance.random() < size else (entry,))


LOG_DOUBLE = Fault(
    "log_double",
    "this share of all log lines comes twice",
    _begin,
    Size("of the lines", usual=0.1, least=0, most=1),
)
