"""What drives the screen for others crashes: the UiAutomator2 server, or any other instrumentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, FaultError, over

if TYPE_CHECKING:
    from framework.virtual.device import Device


def _begin(device: Device, size: float) -> End:
    running = device.activities.instrumentations.running
    if not running and not device.ui_sessions:
        raise FaultError("no instrumentation runs: open an Appium session, or use `am instrument`")
    device.ui_sessions.clear()
    for process in running:
        device.activities.crash(process, RuntimeError("a fault that was asked for"))
    return over


INSTRUMENTATION_CRASH = Fault(
    "instrumentation_crash",
    "all instrumentations crash (the UiAutomator2 server among them), and sessions of the handset's own endpoint end",
    _begin,
    lasts="no time",
)
