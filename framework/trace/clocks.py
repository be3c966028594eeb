"""Joining the clock measurements before and after a recording into one mapping with an honest bound."""

from __future__ import annotations

from framework.contract.trace import ClockFit


def joined(before: ClockFit, after: ClockFit) -> ClockFit:
    """One mapping for the time between: the middle of both, its bound covering both with their own bounds."""
    low = min(before.offset_ns - before.bound_ns, after.offset_ns - after.bound_ns)
    high = max(before.offset_ns + before.bound_ns, after.offset_ns + after.bound_ns)
    return ClockFit((low + high) // 2, (high - low + 1) // 2, before.scale)
