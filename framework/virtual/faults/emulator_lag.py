"""The emulator is late: its process does nothing for a while, as on a busy machine."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size, over

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    asyncio.get_running_loop().call_soon(partial(time.sleep, size / 1000))
    return over


EMULATOR_LAG = Fault(
    "emulator_lag",
    "the process of the handset does nothing for so long, in time of the host; beyond 1000 ms device time is shifted",
    _begin,
    Size("ms", usual=500, least=1, most=60_000),
    lasts="no time",
)
