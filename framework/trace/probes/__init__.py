"""The probes, one file each; this tuple is their registry."""

from __future__ import annotations

from framework.trace.probes import clocks, emulator, memory, thermal
from framework.trace.probes.probe import Probe

PROBES: tuple[Probe, ...] = (memory.PROBE, clocks.PROBE, thermal.PROBE, emulator.PROBE)
