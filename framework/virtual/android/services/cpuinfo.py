"""`dumpsys cpuinfo` (AOSP ProcessCpuTracker.java): CPU time of processes since boot."""

from __future__ import annotations

from framework.virtual.android.binder import Call
from framework.virtual.android.cpu_usage import cpu_usage, load_line


async def dump(call: Call) -> int:
    await call.out("\n".join([load_line(call.device), *cpu_usage(call.device)]) + "\n")
    return 0
