"""To be asked again after a while, though nothing has happened meanwhile: xdist looks only after an event."""

from __future__ import annotations

import threading
from collections.abc import Callable

SOONEST_S = 0.2


class Later:
    """One timer a worker at most; `wake` is called with the worker, from any thread, until `close`."""

    def __init__(self, wake: Callable[[str], None]) -> None:
        self._wake = wake
        self._timers: dict[str, threading.Timer] = {}

    def at(self, worker: str, in_s: float) -> None:
        """So many seconds from now, instead of what was asked for this worker before."""
        if (before := self._timers.pop(worker, None)) is not None:
            before.cancel()
        timer = self._timers[worker] = threading.Timer(max(in_s, SOONEST_S), self._wake, (worker,))
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        timers, self._timers = list(self._timers.values()), {}
        for timer in timers:
            timer.cancel()
        for timer in timers:
            timer.join()
