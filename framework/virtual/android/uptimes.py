"""The line with which dumps of the activity manager tie two clocks (ActivityManagerService.java)."""

from __future__ import annotations

from framework.virtual.clock import DeviceClock


def uptimes(clock: DeviceClock) -> str:
    """SystemClock.uptimeMillis() and elapsedRealtime(): CLOCK_MONOTONIC and boot time, in ms."""
    now_ns = clock.now_ns()
    return f"Uptime: {(now_ns - clock.slept_ns) // 10**6} Realtime: {now_ns // 10**6}"
