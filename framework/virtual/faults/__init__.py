"""Faults on demand: what goes wrong on handsets and in labs, one file a kind."""

from __future__ import annotations

from framework.virtual.faults.clock_step import CLOCK_STEP
from framework.virtual.faults.crash import CRASH
from framework.virtual.faults.disconnect import DISCONNECT
from framework.virtual.faults.emulator_lag import EMULATOR_LAG
from framework.virtual.faults.fault import Fault
from framework.virtual.faults.kill_app import KILL_APP
from framework.virtual.faults.log_double import LOG_DOUBLE
from framework.virtual.faults.log_loss import LOG_LOSS
from framework.virtual.faults.log_reorder import LOG_REORDER
from framework.virtual.faults.stall_sampler import STALL_SAMPLER

FAULTS: tuple[Fault, ...] = (
    CLOCK_STEP,
    CRASH,
    DISCONNECT,
    EMULATOR_LAG,
    KILL_APP,
    LOG_DOUBLE,
    LOG_LOSS,
    LOG_REORDER,
    STALL_SAMPLER,
)
"""Every kind there is, by name."""
