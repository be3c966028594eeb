"""`dumpsys cpuinfo` (AOSP ProcessCpuTracker.java): CPU time of processes since boot."""

from __future__ import annotations

import time

from framework.virtual.android.binder import Call
from framework.virtual.android.procfs import loadavg


async def dump(call: Call) -> int:
    device = call.device
    device.physics.settle()
    now_ns = device.clock.now_ns()
    wall = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(device.clock.wall_ns() // 10**9))
    busy = sum(device.physics.cpus.busy_ns(now_ns)) * 100 / now_ns / device.profile.soc.cores
    lines = [
        f"Load: {' / '.join(loadavg(device).split()[:3])}",
        f"CPU usage from {now_ns // 10**6}ms to 0ms ago ({wall}):",
    ]
    for process in sorted(device.processes.all(), key=lambda each: -each.cpu_ns):
        share = process.cpu_ns * 100 / now_ns
        if share >= 0.1:
            user, kernel = share * 0.9, share * 0.1
            lines += [f"  {share:.1f}% {process.pid}/{process.name}: {user:.1f}% user + {kernel:.1f}% kernel"]
    lines += [f"{busy:.1f}% TOTAL: {busy * 0.8:.1f}% user + {busy * 0.2:.1f}% kernel"]
    await call.out("\n".join(lines) + "\n")
    return 0
