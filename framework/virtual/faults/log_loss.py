"""logd loses lines, as under a flood of them."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    chance = Random(f"log_loss {device.seed}")  # noqa: S311
    return device.log.disturb(lambda entry: () if chance.random() < size else (entry,))


LOG_LOSS = Fault(
    "log_loss",
    "this share of all log lines is lost before anybody can read them",
    _begin,
    Size("of the lines", usual=0.1, least=0, most=1),
)
