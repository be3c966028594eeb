"""The report of an app that does not respond (AOSP ProcessErrorStateRecord.java, StackTracesDumpHelper.java)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framework.virtual.android.cpu_usage import cpu_usage, load_line
from framework.virtual.android.procfs import pressure
from framework.virtual.android.tokens import token

if TYPE_CHECKING:
    from framework.virtual.android.activities import ActivityRecord
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

WAITED_MS = 5001


@dataclass(frozen=True, slots=True)
class AnrReport:
    """What is known when the app is found to hang."""

    pid: int
    process: str
    short: str
    window: str
    reason: str

    def text(self, device: Device, error_id: str) -> str:
        """The lines that ActivityManager logs once all stacks are written."""
        lines = [
            f"ANR in {self.process} ({self.short})",
            f"PID: {self.pid}",
            f"Reason: {self.reason}",
            f"Parent: {self.short}",
            f"ErrorId: {error_id}",
            "Frozen: false",
            load_line(device),
        ]
        for resource in ("memory", "cpu", "io"):
            path = f"/proc/pressure/{resource}"
            lines += [f"----- Output from {path} -----", pressure(device, resource).rstrip()]
            lines += [f"----- End output from {path} -----"]
        return "\n".join([*lines, "", *cpu_usage(device)])


def anr_report(device: Device, record: ActivityRecord, why: str | None) -> AnrReport:
    """`why` is what the handset is to say; by default that input was not taken."""
    title = f"{token('window', record.task)} {record.component}"
    default = (
        f"Input dispatching timed out ({title} (server) is not responding. Waited {WAITED_MS}ms for "
        "MotionEvent(deviceId=4, eventTime=0, source=TOUCHSCREEN, displayId=0, action=DOWN))"
    )
    process = record.process
    return AnrReport(
        process.pid,
        process.name,
        record.short,
        f"Window{{{token('window', record.task)} u0 {record.component}}}",
        why or default,
    )


def traces_path(device: Device) -> str:
    """/data/anr/anr_DATE-TIME: only system may read it, whoever may list the folder."""
    seconds, ns = divmod(device.clock.wall_ns(), 10**9)
    return f"/data/anr/anr_{time.strftime('%Y-%m-%d-%H-%M-%S', time.gmtime(seconds))}-{ns // 10**6:03d}"


def traces_text(device: Device, process: Process) -> str:
    """The stacks of all threads, as the runtime's signal catcher writes them (art/runtime/signal_catcher.cc)."""
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(device.clock.wall_ns() // 10**9))
    lines = [f"----- pid {process.pid} at {when} -----", f"Cmd line: {process.name}"]
    lines += [f"Build fingerprint: '{device.properties.get('ro.build.fingerprint')}'", "ABI: 'arm64'", ""]
    lines += [f"DALVIK THREADS ({process.threads}):"]
    threads = [("main", process.pid, "Blocked"), *((each.name, each.tid, "Native") for each in process.others.values())]
    for number, (name, tid, state) in enumerate(threads, start=1):
        lines += [f'"{name}" prio=5 tid={number} {state}', f"  | sysTid={tid} nice=0 cgrp=top-app sched=0/0", ""]
    return "\n".join([*lines, f"----- end {process.pid} -----", ""])
