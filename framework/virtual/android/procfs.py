"""What the kernel shows under /proc."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from framework.virtual.android.procnet import net_files
from framework.virtual.android.procpid import TICK_NS, Processes

if TYPE_CHECKING:
    from framework.virtual.device import Device

CPU_IMPLEMENTER = "0x41"
FEATURES = "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp"
LOAD_AT_REST = 1.2
NOT_FOR_SHELL = ("loadavg", "pressure/cpu", "pressure/io", "pressure/memory")
"""What SELinux keeps from shell (AOSP system/sepolicy, private/genfs_contexts and public/shell.te)."""

STALLED = {"cpu": 0.02, "io": 0.004, "memory": 0.001}
"""Share of the time since boot in which something waited, at rest."""


def mount_proc(device: Device) -> None:
    """Make /proc as the kernel of this device shows it."""
    for name, produce in _whole_system(device).items():
        device.files.generated(f"/proc/{name}", _encoded(produce), 0o440 if name in NOT_FOR_SHELL else 0o444)
    for name, produce_bytes in net_files(device).items():
        device.files.generated(f"/proc/net/{name}", produce_bytes)
    processes = Processes(device)
    device.files.generated_dir("/proc", lambda: processes)


def _encoded(produce: Callable[[], str]) -> Callable[[], bytes]:
    return lambda: produce().encode()


def _whole_system(device: Device) -> dict[str, Callable[[], str]]:
    return {
        "uptime": lambda: uptime(device),
        "loadavg": lambda: loadavg(device),
        "stat": lambda: stat(device),
        "meminfo": lambda: meminfo(device),
        "cpuinfo": lambda: cpuinfo(device),
        "version": lambda: version(device),
        "cmdline": lambda: "",
        "sys/kernel/random/boot_id": lambda: f"{device.boot_id}\n",
        **{f"pressure/{resource}": partial(pressure, device, resource) for resource in ("cpu", "io", "memory")},
        "filesystems": lambda: "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\n\text4\n\tf2fs\n\terofs\nnodev\tfuse\n",
    }


def uptime(device: Device) -> str:
    """Seconds since boot, and seconds that all CPUs together were idle; cut off, not rounded (fs/proc/uptime.c)."""
    now_ns = device.clock.now_ns()
    busy_ns = device.physics.cpus.busy_ns(now_ns)
    idle_ns = now_ns * len(busy_ns) - sum(busy_ns)
    return " ".join("{}.{:02}".format(*divmod(ns // TICK_NS, 100)) for ns in (now_ns, idle_ns)) + "\n"


def loadavg(device: Device) -> str:
    running = device.physics.cpus.running(device.clock.now_ns())
    processes = device.processes.all()
    threads = sum(process.threads for process in processes)
    load = LOAD_AT_REST + running
    return f"{load:.2f} {load * 0.9:.2f} {load * 0.8:.2f} {running + 1}/{threads} {processes[-1].pid}\n"


def pressure(device: Device, resource: str) -> str:
    """Stall information (kernel's accounting/psi.rst): threads wait while more want a CPU than there are."""
    now_ns = device.clock.now_ns()
    running, cores = device.physics.cpus.running(now_ns), device.profile.soc.cores
    share = max(0, running - cores) / max(1, running) if resource == "cpu" else 0.0
    average = " ".join(f"avg{seconds}={100 * share:.2f}" for seconds in (10, 60, 300))
    kinds = (
        {"some": STALLED[resource]} if resource == "cpu" else {"some": STALLED[resource], "full": STALLED[resource] / 2}
    )
    return "".join(f"{kind} {average} total={int(now_ns / 1000 * past)}\n" for kind, past in kinds.items())


def stat(device: Device) -> str:
    """proc(5): jiffies that the CPUs spent as user, nice, system, idle, iowait, irq, softirq, steal, guest(s)."""
    now_ns = device.clock.now_ns()
    busy = device.physics.cpus.busy_ns(now_ns)
    lines = [_cpu_line("cpu ", sum(busy), now_ns * len(busy))]
    lines += [_cpu_line(f"cpu{cpu}", busy_ns, now_ns) for cpu, busy_ns in enumerate(busy)]
    boot_s = device.clock.wall_offset_ns // 10**9
    running = device.physics.cpus.running(now_ns) + 1
    lines += ["intr 0", "ctxt 0", f"btime {boot_s}", f"processes {device.processes.all()[-1].pid}"]
    return "\n".join([*lines, f"procs_running {running}", "procs_blocked 0", ""])


def _cpu_line(name: str, busy_ns: int, all_ns: int) -> str:
    busy, idle = busy_ns // TICK_NS, (all_ns - busy_ns) // TICK_NS
    return f"{name} {busy * 4 // 5} 0 {busy - busy * 4 // 5} {idle} 0 0 0 0 0 0"


def meminfo(device: Device) -> str:
    memory = device.physics.memory
    values = {
        "MemTotal": memory.total_bytes,
        "MemFree": memory.free_bytes,
        "MemAvailable": memory.available_bytes,
        "Buffers": 4 << 20,
        "Cached": memory.cached_bytes,
        "SwapCached": 0,
        "Active": memory.cached_bytes // 2 + memory.anon_bytes // 3,
        "Inactive": memory.cached_bytes // 2 + memory.anon_bytes // 3,
        "SwapTotal": memory.swap_bytes,
        "SwapFree": memory.swap_bytes - memory.swapped_bytes,
        "AnonPages": memory.anon_bytes,
        "Mapped": memory.cached_bytes // 2,
        "Shmem": 24 << 20,
    }
    return "".join(f"{name + ':':<15} {value >> 10:>8} kB\n" for name, value in values.items())


def cpuinfo(device: Device) -> str:
    """As arm64 kernels write it: one block per CPU."""
    soc = device.profile.soc
    blocks = [
        f"processor\t: {cpu}\nBogoMIPS\t: 38.40\nFeatures\t: {FEATURES}\nCPU implementer\t: {CPU_IMPLEMENTER}\n"
        f"CPU architecture: 8\nCPU variant\t: 0x1\nCPU part\t: {soc.cluster_of(cpu).part}\nCPU revision\t: 0\n"
        for cpu in range(soc.cores)
    ]
    return "\n".join([*blocks, f"Hardware\t: Qualcomm Technologies, Inc {soc.model}\n"])


def version(device: Device) -> str:
    kernel = device.profile.build.kernel
    return f"Linux version {kernel} (pocketfarm@emulated) (clang) #1 SMP PREEMPT (emulated)\n"
