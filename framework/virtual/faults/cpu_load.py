"""Another process computes: Android's compiler of apps, which starts whenever it likes."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING

from framework.virtual.faults.fault import End, Fault, Size
from framework.virtual.system.users import ROOT

if TYPE_CHECKING:
    from framework.virtual.clock import Timer
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

NAME = "/apex/com.android.art/bin/dex2oat64"
PERIOD_NS = 200_000_000
"""A fraction of a thread is a thread that works for that fraction of each such period."""


class _Compiler:
    """Keeps `threads` threads busy, the last of them in parts of each period."""

    def __init__(self, device: Device, process: Process, threads: float) -> None:
        self._device = device
        self._process = process
        self._share_ns = round(threads % 1 * PERIOD_NS)
        self._steady, self._burst = ExitStack(), ExitStack()
        self._timer: Timer | None = None
        process.on_exit.append(lambda _: self._stop())
        if threads >= 1:
            self._steady.enter_context(device.physics.working("other", process.pid, int(threads)))
        if self._share_ns:
            self._work(device.clock.now_ns())

    def end(self) -> None:
        self._process.signal(signal.SIGKILL)

    def _stop(self) -> None:
        """The process has ended, however it came to that."""
        if self._timer is not None:
            self._timer.cancel()
        self._burst.close()
        self._steady.close()

    def _work(self, at_ns: int) -> None:
        self._burst.enter_context(self._device.physics.working("other", self._process.pid, 1))
        self._timer = self._device.clock.at(at_ns + self._share_ns, self._rest)

    def _rest(self, at_ns: int) -> None:
        self._burst.close()
        self._timer = self._device.clock.at(at_ns + PERIOD_NS - self._share_ns, self._work)


def _begin(device: Device, size: float) -> End:
    process = device.processes.spawn(NAME, ROOT)
    process.threads = max(1, round(size))
    return _Compiler(device, process, size).end


CPU_LOAD = Fault(
    "cpu_load",
    "another process (dex2oat64) keeps so many threads busy: cores are contended, the handset warms up",
    _begin,
    Size("threads", usual=4, least=0, most=64),
)
