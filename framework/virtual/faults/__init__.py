"""Faults on demand: what goes wrong on handsets and in labs, one file a kind."""

from __future__ import annotations

from framework.virtual.faults.adbd_restart import ADBD_RESTART
from framework.virtual.faults.anr import ANR
from framework.virtual.faults.app_crash import APP_CRASH
from framework.virtual.faults.charging import CHARGING
from framework.virtual.faults.clock_cap import CLOCK_CAP
from framework.virtual.faults.clock_step import CLOCK_STEP
from framework.virtual.faults.cpu_load import CPU_LOAD
from framework.virtual.faults.emulator_lag import EMULATOR_LAG
from framework.virtual.faults.fault import Fault
from framework.virtual.faults.flipped_sensor import FLIPPED_SENSOR
from framework.virtual.faults.frozen_sensor import FROZEN_SENSOR
from framework.virtual.faults.impossible_rate import IMPOSSIBLE_RATE
from framework.virtual.faults.instrumentation_crash import INSTRUMENTATION_CRASH
from framework.virtual.faults.kill_app import KILL_APP
from framework.virtual.faults.log_double import LOG_DOUBLE
from framework.virtual.faults.log_loss import LOG_LOSS
from framework.virtual.faults.log_reorder import LOG_REORDER
from framework.virtual.faults.low_memory_kill import LOW_MEMORY_KILL
from framework.virtual.faults.memory_pressure import MEMORY_PRESSURE
from framework.virtual.faults.native_crash import NATIVE_CRASH
from framework.virtual.faults.offline import OFFLINE
from framework.virtual.faults.package_manager_dead import PACKAGE_MANAGER_DEAD
from framework.virtual.faults.reboot import REBOOT
from framework.virtual.faults.slow_link import SLOW_LINK
from framework.virtual.faults.stall_sampler import STALL_SAMPLER
from framework.virtual.faults.stalled_stream import STALLED_STREAM
from framework.virtual.faults.start_heat import START_HEAT
from framework.virtual.faults.status import STATUS
from framework.virtual.faults.storage_full import STORAGE_FULL
from framework.virtual.faults.unauthorized import UNAUTHORIZED
from framework.virtual.faults.unplug import UNPLUG

FAULTS: tuple[Fault, ...] = (
    ADBD_RESTART,
    ANR,
    APP_CRASH,
    CHARGING,
    CLOCK_CAP,
    CLOCK_STEP,
    CPU_LOAD,
    EMULATOR_LAG,
    FLIPPED_SENSOR,
    FROZEN_SENSOR,
    IMPOSSIBLE_RATE,
    INSTRUMENTATION_CRASH,
    KILL_APP,
    LOG_DOUBLE,
    LOG_LOSS,
    LOG_REORDER,
    LOW_MEMORY_KILL,
    MEMORY_PRESSURE,
    NATIVE_CRASH,
    OFFLINE,
    PACKAGE_MANAGER_DEAD,
    REBOOT,
    SLOW_LINK,
    STALL_SAMPLER,
    STALLED_STREAM,
    START_HEAT,
    STATUS,
    STORAGE_FULL,
    UNAUTHORIZED,
    UNPLUG,
)
"""Every kind there is, by name."""
