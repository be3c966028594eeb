"""The wall clock is set while boot time goes on, as network time or `date` would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.android.boot import SYSTEM_SERVER
from framework.virtual.faults.fault import End, Fault, Size
from framework.virtual.system.users import SYSTEM

if TYPE_CHECKING:
    from framework.virtual.device import Device

DAY_MS = 86_400_000


def _begin(device: Device, size: float) -> End:
    by_ns = round(size * 1e6)
    _step(device, by_ns)
    return lambda: _step(device, -by_ns)


def _step(device: Device, by_ns: int) -> None:
    """The log says so as AOSP's com_android_server_SystemClock.cpp does, in the new time."""
    device.clock.step_wall(by_ns)
    now_ns = device.clock.now_ns()
    seconds = (now_ns + device.clock.wall_offset_ns) // 10**9
    device.truth.record("clock_step", now_ns, step_ns=by_ns, wall_offset_ns=device.clock.wall_offset_ns)
    server = device.processes.by_name(SYSTEM_SERVER)
    text = f"Setting time of day to sec={seconds}"
    device.log.write("SystemClockTime", "D", text, pid=server.pid if server else 1, uid=SYSTEM, ns=now_ns)


CLOCK_STEP = Fault(
    "clock_step",
    "the wall clock is set forward (or back, for a negative size); clearing it sets the clock back again",
    _begin,
    Size("ms", usual=2000, least=-DAY_MS, most=DAY_MS),
)
