"""How warm handsets were when they were last looked at, and when they will be cool enough for a measurement."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from framework.trace.cooling import ready_in_s
from framework.trace.start import WAIT_S


@dataclass(frozen=True, slots=True)
class Warmth:
    """The skin of a handset in °C, when it was looked at (monotonic), and device seconds in one of the host's."""

    skin_c: float
    time_scale: float
    at_s: float


class Heat:
    """Of the handsets of one run."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, Warmth] = {}
        self._cool_at_s: dict[tuple[str, float], float] = {}
        """(Handset, limit) → when it is below that: it is worked out once for each look."""

    def noted(self, handset: str, skin_c: float, time_scale: float) -> None:
        """It was just looked at."""
        self.known({handset: Warmth(skin_c, time_scale, self._clock())})

    def known(self, looks: Mapping[str, Warmth]) -> None:
        """Of some time ago; the latest look at a handset counts."""
        for handset, warmth in looks.items():
            if handset not in self._last or self._last[handset].at_s < warmth.at_s:
                self._last[handset] = warmth
                self._cool_at_s = {key: at for key, at in self._cool_at_s.items() if key[0] != handset}

    def cool_in_s(self, handset: str, limit_c: float | None) -> float:
        """Host seconds until its skin is below the limit; 0 where it is, or nothing is known or asked for."""
        if limit_c is None or handset not in self._last:
            return 0.0
        key = handset, limit_c
        if key not in self._cool_at_s:
            self._cool_at_s[key] = _cool_at_s(self._last[handset], limit_c)
        return max(0.0, self._cool_at_s[key] - self._clock())


def _cool_at_s(warmth: Warmth, limit_c: float) -> float:
    if warmth.skin_c < limit_c:
        return -inf
    ready = ready_in_s([(0.0, warmth.skin_c)], limit_c)
    return warmth.at_s + (WAIT_S if ready is None else ready) / warmth.time_scale
