"""Faults on demand: what goes wrong on handsets and in labs, one file a kind."""

from __future__ import annotations

from framework.virtual.faults.clock_step import CLOCK_STEP
from framework.virtual.faults.emulator_lag import EMULATOR_LAG
from framework.virtual.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    CLOCK_STEP,
    EMULATOR_LAG,
)
"""Every kind there is, by name."""
