"""What runs on a handset that has just booted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framework.virtual.android.threads import service_threads
from framework.virtual.system.processes import Process, ProcessTable
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
    adj: int = -1000
    swap_mb: int = 0
    cpu_s: float = 0.2


BOOT_PROCESSES = (
    BootProcess(1, "/system/bin/init", ROOT, "", 4, 8, 1, cpu_s=1.6),
    BootProcess(2, "[kthreadd]", ROOT, "", 0, 0, 1, cpu_s=0.1),
    BootProcess(14, "[rcu_preempt]", ROOT, "[kthreadd]", 0, 0, 1, cpu_s=0.4),
    BootProcess(87, "[kswapd0]", ROOT, "[kthreadd]", 0, 0, 1, cpu_s=0.2),
    BootProcess(412, "/system/bin/logd", 1036, anon_mb=6, file_mb=4, threads=7, cpu_s=0.9),
    BootProcess(413, "/system/bin/servicemanager", SYSTEM, anon_mb=2, file_mb=4, threads=1, cpu_s=0.7),
    BootProcess(418, "/system/bin/vold", ROOT, anon_mb=4, file_mb=6, threads=6),
    BootProcess(421, "/system/bin/tombstoned", 1058, anon_mb=2, file_mb=2, threads=1),
    BootProcess(655, "zygote64", ROOT, anon_mb=38, file_mb=110, threads=1, cpu_s=2.1),
    BootProcess(661, "/system/bin/audioserver", 1041, anon_mb=7, file_mb=12, threads=9),
    BootProcess(668, "/system/bin/surfaceflinger", SYSTEM, anon_mb=22, file_mb=38, threads=19, cpu_s=3.0),
    BootProcess(702, "/system/bin/lmkd", 1069, anon_mb=3, file_mb=3),
    BootProcess(745, "/vendor/bin/thermal-engine", ROOT, anon_mb=4, file_mb=5, threads=14, cpu_s=0.4),
    BootProcess(788, "/apex/com.android.adbd/bin/adbd", SHELL, anon_mb=3, file_mb=6, threads=4, cpu_s=0.3),
    BootProcess(1254, "system_server", SYSTEM, "zygote64", 212, 168, 168, -900, cpu_s=14.0),
    BootProcess(1688, "com.android.systemui", 10102, "zygote64", 124, 142, 42, -800, cpu_s=5.0),
    BootProcess(1810, "com.android.inputmethod.latin", 10106, "zygote64", 58, 96, 21, 200, cpu_s=1.0),
    BootProcess(2006, "com.android.settings", SYSTEM, "zygote64", 64, 71, 18, 905, 41, 0.9),
    BootProcess(2119, "com.android.providers.media", 10109, "zygote64", 41, 52, 16, 915, 37, 0.8),
    BootProcess(2240, "com.android.packageinstaller", 10105, "zygote64", 38, 49, 14, 925, 44, 0.3),
    BootProcess(2391, "com.miui.gallery", 10110, "zygote64", 118, 96, 31, 935, 92, 2.6),
    BootProcess(2467, "com.miui.weather2", 10111, "zygote64", 71, 66, 22, 945, 63, 0.7),
    BootProcess(2598, "com.xiaomi.market", 10112, "zygote64", 132, 104, 38, 955, 121, 3.1),
    BootProcess(2702, "com.miui.notes", 10113, "zygote64", 54, 58, 17, 965, 58, 0.4),
    BootProcess(2815, "com.android.deskclock", 10114, "zygote64", 33, 44, 15, 975, 39, 0.3),
)

FIRST_FREE_PID = 4211


ZYGOTE, SYSTEM_SERVER = "zygote64", "system_server"
NATIVE = tuple(entry for entry in BOOT_PROCESSES if entry.parent != ZYGOTE)
"""What init starts, adbd among it; long before Java's services are there."""

JAVA = tuple(entry for entry in BOOT_PROCESSES if entry.parent == ZYGOTE)
"""What zygote starts: system_server, whose services Android is, and apps."""


def spawn_boot_processes(processes: ProcessTable) -> None:
    """Fill an empty table; all of them have run since boot."""
    started = spawn(processes, BOOT_PROCESSES)
    for process in started:
        process.started_ns = 0


def spawn(processes: ProcessTable, entries: Sequence[BootProcess], *, anew: bool = False) -> list[Process]:
    """Start these; their parents are there or among them. `anew`: under other pids than at boot."""
    started = [_spawn(processes, entry, anew=anew) for entry in entries]
    for entry, process in zip(entries, started, strict=True):
        processes.start_threads(process, service_threads(process, entry.threads - 1))
    return started


def _spawn(processes: ProcessTable, entry: BootProcess, *, anew: bool) -> Process:
    parent = processes.by_name(entry.parent) if entry.parent else None
    process = processes.spawn(entry.name, entry.uid, parent.pid if parent else 0, pid=None if anew else entry.pid)
    process.cpu_ns = int(entry.cpu_s * 1e9)
    process.oom_score_adj = entry.adj
    memory = process.memory
    memory.anon_bytes, memory.file_bytes = entry.anon_mb * MIB, entry.file_mb * MIB
    memory.swap_bytes = entry.swap_mb * MIB
    memory.hwm_bytes = memory.rss_bytes + memory.swap_bytes
    return process
