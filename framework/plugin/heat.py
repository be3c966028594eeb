"""How warm handsets were left by their last tests, and when they will be cool enough for a measurement."""

from __future__ import annotations

import time
from collections.abc import Callable

from framework.trace.cooling import ready_in_s
from framework.trace.start import WAIT_S


class Heat:
    """Of the handsets of one run; `scale`: name → device seconds in one of the host's."""

    def __init__(self, scale: Callable[[str], float], clock: Callable[[], float] = time.monotonic) -> None:
        self._scale, self._clock = scale, clock
        self._last: dict[str, tuple[float, float]] = {}
        """Handset → when it was looked at, and its skin's temperature in °C."""

    def noted(self, handset: str, skin_c: float) -> None:
        self._last[handset] = self._clock(), skin_c

    def cool_in_s(self, handset: str, limit_c: float | None) -> float:
        """Host seconds until its skin is below the limit; 0 where it is, or nothing is known or asked for."""
        if limit_c is None or handset not in self._last:
            return 0.0
        at, skin_c = self._last[handset]
        if skin_c < limit_c:
            return 0.0
        ready = ready_in_s([(0.0, skin_c)], limit_c)
        scale = self._scale(handset)
        return max(0.0, (WAIT_S if ready is None else ready) / scale - (self._clock() - at))
