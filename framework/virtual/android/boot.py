"""What runs on a handset that has just booted."""

from __future__ import annotations

from dataclasses import dataclass

from framework.virtual.system.processes import ProcessTable
from framework.virtual.system.users import ROOT, SHELL, SYSTEM

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class BootProcess:
    """A process of the boot; `parent` is the name of the one that started it."""

    pid: int
    name: str
    uid: int
    parent: str = "/system/bin/init"
    anon_mb: int = 2
    file_mb: int = 4
    threads: int = 2
    cpu_s: float = 0.2


BOOT_PROCESSES = (
    BootProcess(1, "/system/bin/init", ROOT, "", 4, 8, 1, 1.6),
    BootProcess(2, "[kthreadd]", ROOT, "", 0, 0, 1, 0.1),
    BootProcess(14, "[rcu_preempt]", ROOT, "[kthreadd]", 0, 0, 1, 0.4),
    BootProcess(87, "[kswapd0]", ROOT, "[kthreadd]", 0, 0, 1, 0.2),
    BootProcess(412, "/system/bin/logd", 1036, anon_mb=6, file_mb=4, threads=7, cpu_s=0.9),
    BootProcess(413, "/system/bin/servicemanager", SYSTEM, anon_mb=2, file_mb=4, threads=1, cpu_s=0.7),
    BootProcess(418, "/system/bin/vold", ROOT, anon_mb=4, file_mb=6, threads=6),
    BootProcess(655, "zygote64", ROOT, anon_mb=38, file_mb=110, threads=1, cpu_s=2.1),
    BootProcess(661, "/system/bin/audioserver", 1041, anon_mb=7, file_mb=12, threads=9),
    BootProcess(668, "/system/bin/surfaceflinger", SYSTEM, anon_mb=22, file_mb=38, threads=19, cpu_s=3.0),
    BootProcess(702, "/system/bin/lmkd", 1069, anon_mb=3, file_mb=3),
    BootProcess(745, "/vendor/bin/thermal-engine", ROOT, anon_mb=4, file_mb=5, threads=14, cpu_s=0.4),
    BootProcess(788, "/apex/com.android.adbd/bin/adbd", SHELL, anon_mb=3, file_mb=6, threads=4, cpu_s=0.3),
    BootProcess(1254, "system_server", SYSTEM, "zygote64", 212, 168, 168, 14.0),
    BootProcess(1688, "com.android.systemui", 10102, "zygote64", 124, 142, 42, 5.0),
    BootProcess(1810, "com.android.inputmethod.latin", 10106, "zygote64", 58, 96, 21, 1.0),
)

FIRST_FREE_PID = 4211


def spawn_boot_processes(processes: ProcessTable) -> None:
    """Fill an empty table; all of them have run since boot."""
    pids: dict[str, int] = {"": 0}
    for entry in BOOT_PROCESSES:
        process = processes.spawn(entry.name, entry.uid, pids[entry.parent], pid=entry.pid)
        process.started_ns = 0
        process.threads, process.cpu_ns = entry.threads, int(entry.cpu_s * 1e9)
        memory = process.memory
        memory.anon_bytes, memory.file_bytes = entry.anon_mb * MIB, entry.file_mb * MIB
        memory.hwm_bytes = memory.rss_bytes
        pids[entry.name] = entry.pid
