"""`dumpsys meminfo [-s] [PACKAGE|PID]`: where a process's memory lies.

AOSP ActivityManagerService.dumpApplicationMemoryUsage and ActivityThread.dumpMemInfoTable, as since Android 11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from framework.virtual.android.binder import Call
from framework.virtual.android.boot import SYSTEM_SERVER
from framework.virtual.android.graphics import graphics_of
from framework.virtual.android.memory_map import JAVA, NATIVE, STACK, Row, memory_rows, total
from framework.virtual.android.services.meminfo_system import system_text
from framework.virtual.android.uptimes import uptimes
from framework.virtual.system.users import FIRST_APP

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

COLUMNS = ("Pss", "Private", "Private", "SwapPss", "Rss", "Heap", "Heap", "Heap")
UNDER = ("Total", "Dirty", "Clean", "Dirty", "Total", "Size", "Alloc", "Free")
CODE = (".so mmap", ".jar mmap", ".apk mmap", ".ttf mmap", ".dex mmap", ".oat mmap")
GRAPHICS = ("EGL mtrack", "GL mtrack")

ASKING_NS = 24_000_000
WALK_NS_PER_KB = 0.17
"""What a dump takes: the calls, and the kernel's walk over all pages for /proc/PID/smaps (180 ms for a GB)."""


async def dump(call: Call) -> int:
    device = call.device
    wanted = next((word for word in call.words if not word.startswith("-")), None)
    head = f"Applications Memory Usage (in Kilobytes):\n{uptimes(device.clock)}\n"
    if wanted is None:
        await _walk(device, device.processes.all())
        await call.out(f"{head}\n{system_text(device)}")
        return 0
    process = device.processes.get(int(wanted)) if wanted.isdecimal() else _named(device, wanted)
    if process is None:
        await call.out(f"{head}No process found for: {wanted}\n")
        return 0
    await call.out(f"{head}\n")
    await _walk(device, [process])
    if process.running:
        await call.out(_process(device, process, summary_only="-s" in call.words))
    return 0


def _named(device: Device, wanted: str) -> Process | None:
    """By package, or by the name of a native program's file."""
    native = (process for process in device.processes.all() if process.name.rsplit("/", 1)[-1] == wanted)
    return device.processes.by_name(wanted) or next(native, None)


async def _walk(device: Device, processes: list[Process]) -> None:
    """Let the time pass that it takes, in which system_server is busy."""
    pages_kb = sum(process.memory.rss_bytes + process.memory.swap_bytes for process in processes) >> 10
    server = device.processes.by_name(SYSTEM_SERVER)
    with device.physics.working("other", server.pid if server else 1, 1):
        await device.clock.sleep(ASKING_NS + int(pages_kb * WALK_NS_PER_KB * 1000))


def _process(device: Device, process: Process, *, summary_only: bool) -> str:
    rows = memory_rows(process, graphics_of(device, process))
    lines = [f"** MEMINFO in pid {process.pid} [{process.name}] **"]
    if not summary_only:
        lines += [*_table(rows), " "]
    lines += [*_summary(rows), " "]
    if not summary_only and process.uid >= FIRST_APP:
        lines += [*_objects(device, process), " "]
    return "\n".join([*lines, ""])


def _table(rows: tuple[Row, ...]) -> Iterator[str]:
    """`%13s` and columns of `%8s`; only the heaps have sizes."""
    for words in (COLUMNS, UNDER, ["------"] * len(COLUMNS)):
        yield _line("", *words)
    heaps = {row.name: (row.dirty * 5 // 4, row.dirty, row.dirty // 4) for row in rows if row.name in (NATIVE, JAVA)}
    whole = total(rows)
    heaps[whole.name] = tuple(map(sum, zip(*heaps.values(), strict=True)))  # type: ignore[assignment]
    for row in (*rows, whole):
        yield _line(row.name, row.pss, row.dirty, row.clean, row.swap, row.rss, *heaps.get(row.name, ("", "", "")))


def _line(name: str, *cells: object) -> str:
    return f"{name:>13} " + " ".join(f"{cell!s:>8}" for cell in cells)


def _summary(rows: tuple[Row, ...]) -> list[str]:
    """ActivityThread's App Summary: private memory by use, and with each the resident set of its categories."""
    by_name = {row.name: row for row in rows}

    def figures(*names: str) -> tuple[int, int]:
        found = [by_name[name] for name in names if name in by_name]
        return sum(row.private for row in found), sum(row.rss for row in found)

    sections = {
        "Java Heap": figures(JAVA, ".art mmap"),
        "Native Heap": figures(NATIVE),
        "Code": figures(*CODE),
        "Stack": figures(STACK),
        "Graphics": figures(*GRAPHICS),
    }
    whole = total(rows)
    private = whole.private - sum(used for used, _ in sections.values())
    unknown = whole.rss - sum(rss for _, rss in sections.values())
    return [
        " App Summary",
        f"{'':>21} {'Pss(KB)':>8} {'':>21} {'Rss(KB)':>8}",
        f"{'':>21} {'------':>8} {'':>21} {'------':>8}",
        *(f"{name + ':':>21} {used:>8} {'':>21} {rss:>8}" for name, (used, rss) in sections.items()),
        f"{'Private Other:':>21} {private:>8}",
        f"{'System:':>21} {whole.pss - whole.private:>8}",
        f"{'Unknown:':>21} {'':>8} {'':>21} {unknown:>8}",
        " ",
        f"{'TOTAL PSS:':>21} {whole.pss:>8} {'TOTAL RSS:':>21} {whole.rss:>8} {'TOTAL SWAP PSS:':>21} {whole.swap:>8}",
    ]


def _objects(device: Device, process: Process) -> list[str]:
    """Counts of the framework's objects."""
    record = next((each for each in device.activities.stack if each.process is process), None)
    window = record.window if record else None
    views = sum(1 for _ in window.build(device.screen.display).walk()) if window else 0
    shown = int(window is not None)
    pairs = (
        (("Views", views), ("ViewRootImpl", shown)),
        (("AppContexts", 4 + shown), ("Activities", shown)),
        (("Assets", 17), ("AssetManagers", 0)),
        (("Local Binders", 14 + views // 4), ("Proxy Binders", 38)),
        (("Parcel memory", 9), ("Parcel count", 41)),
        (("Death Recipients", 1), ("WebViews", 0)),
    )
    lines = [" Objects"]
    lines += [f"{left[0] + ':':>21} {left[1]:>8} {right[0] + ':':>21} {right[1]:>8}" for left, right in pairs]
    lines += [" ", " SQL", f"{'MEMORY_USED:':>21} {0:>8}"]
    return [*lines, f"{'PAGECACHE_OVERFLOW:':>21} {0:>8} {'MALLOC_SIZE:':>21} {0:>8}"]
