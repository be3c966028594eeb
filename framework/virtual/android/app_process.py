"""A new process for an app, forked by zygote (AOSP ProcessList.startProcessLocked)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.virtual.android.boot import SYSTEM_SERVER, ZYGOTE
from framework.virtual.android.threads import app_threads
from framework.virtual.android.tokens import token
from framework.virtual.system.users import FIRST_APP, SYSTEM

if TYPE_CHECKING:
    from framework.virtual.android.packages import Package
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

APP_ANON_BYTES = 92 << 20
APP_FILE_BYTES = 118 << 20
"""What a process of an app with one plain activity holds, before the app does anything."""


def spawn_app(device: Device, package: Package, purpose: str) -> Process:
    """The process of a package; the log says that it was started for `purpose`."""
    zygote = device.processes.by_name(ZYGOTE)
    process = device.processes.spawn(package.name, package.uid, zygote.pid if zygote else 1)
    device.processes.start_threads(process, app_threads(process))
    memory = process.memory
    memory.anon_bytes, memory.file_bytes = APP_ANON_BYTES, APP_FILE_BYTES
    memory.hwm_bytes = memory.rss_bytes
    log_system(device, "ActivityManager", f"Start proc {short_text(process)} {purpose}")
    return process


def log_system(device: Device, tag: str, message: str) -> None:
    """A line of system_server in the system buffer."""
    server = device.processes.by_name(SYSTEM_SERVER)
    device.log.write(tag, "I", message, pid=server.pid if server else 1, uid=SYSTEM, buffer="system")


def package_id(process: Process) -> int:
    """The number of an app's user id, as in `u0a123`."""
    return process.uid - FIRST_APP


def short_text(process: Process) -> str:
    """ProcessRecord.toShortString"""
    return f"{process.pid}:{process.name}/u0a{package_id(process)}"


def process_text(process: Process) -> str:
    """ProcessRecord.toString"""
    return f"ProcessRecord{{{token('process', process.pid)} {short_text(process)}}}"
