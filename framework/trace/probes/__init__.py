"""The probes, one file each; this tuple is the registry of those that the on-device loop runs, in its order.

`log` reads what the followed log tells; PSS is read at checkpoints, see `trace/checkpoints.py`.
"""

from __future__ import annotations

from framework.trace.probes import (
    battery,
    clocks,
    cpu,
    emulator,
    frames,
    meminfo,
    memory,
    process,
    surface,
    thermal,
    zones,
)
from framework.trace.probes.probe import Probe

PROBES: tuple[Probe, ...] = (
    memory.PROBE,
    clocks.PROBE,
    process.PROBE,
    emulator.PROBE,
    zones.PROBE,
    cpu.PROBE,
    cpu.THREADS,
    meminfo.PROBE,
    battery.PROBE,
    battery.DUMP,
    thermal.PROBE,
    frames.PROBE,
    surface.PROBE,
)
