"""Who used the CPUs since boot, as `dumpsys cpuinfo` and the report of an ANR tell it (AOSP ProcessCpuTracker.java)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from framework.virtual.android.procfs import loadavg

if TYPE_CHECKING:
    from framework.virtual.device import Device


def load_line(device: Device) -> str:
    return f"Load: {' / '.join(loadavg(device).split()[:3])}"


def cpu_usage(device: Device) -> list[str]:
    """Percent of one CPU by process, the busiest first; of all CPUs at the end."""
    device.physics.settle()
    now_ns = device.clock.now_ns()
    wall = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(device.clock.wall_ns() // 10**9))
    busy = sum(device.physics.cpus.busy_ns(now_ns)) * 100 / now_ns / device.profile.soc.cores
    lines = [f"CPU usage from {now_ns // 10**6}ms to 0ms ago ({wall}):"]
    for process in sorted(device.processes.all(), key=lambda each: -each.cpu_ns):
        share = process.cpu_ns * 100 / now_ns
        if share >= 0.1:
            user, kernel = share * 0.9, share * 0.1
            lines += [f"  {share:.1f}% {process.pid}/{process.name}: {user:.1f}% user + {kernel:.1f}% kernel"]
    return [*lines, f"{busy:.1f}% TOTAL: {busy * 0.8:.1f}% user + {busy * 0.2:.1f}% kernel"]
