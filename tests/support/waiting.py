"""Waiting for what must happen."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE_S = 10.0


def until(condition: Callable[[], bool], what: str = "it did not happen in time", within_s: float = DEADLINE_S) -> None:
    """Returns as soon as the condition holds; fails with `what` where it does not within the deadline."""
    ends = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < ends, what
        time.sleep(0.01)
