"""`dumpsys meminfo` of the whole handset (AOSP ActivityManagerService.dumpApplicationMemoryUsage)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framework.virtual.android.graphics import graphics_of
from framework.virtual.android.lmkd import oom_score_adj
from framework.virtual.android.memory_map import Row, memory_rows, total

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

LABELS = {
    -1000: "Native",
    -900: "System",
    -800: "Persistent",
    -700: "Persistent Service",
    0: "Foreground",
    100: "Visible",
    200: "Perceptible",
    250: "Perceptible Low",
    300: "Backup",
    400: "Heavy Weight",
    500: "A Services",
    600: "Home",
    700: "Previous",
    800: "B Services",
    900: "Cached",
}
"""ProcessList's adjustments from which on a process has a label (DUMP_MEM_OOM_ADJ)."""

CACHED = LABELS[900]


@dataclass(frozen=True, slots=True)
class _Used:
    """One process and what it uses, in kB."""

    process: Process
    label: str
    group: str
    rows: tuple[Row, ...]
    whole: Row


Figure = Callable[[Row], int]


def system_text(device: Device) -> str:
    """By process, by importance and by category, resident and proportional; then the RAM as a whole."""
    used = [_use(device, process) for process in device.processes.all() if process.memory.rss_bytes]
    lines: list[str] = []
    for title, figure, with_swap in (("RSS", _rss, False), ("PSS", _pss, True)):
        lines += ["", f"Total {title} by process:", *_processes(used, figure, "  ", with_swap)]
        lines += ["", f"Total {title} by OOM adjustment:", *_groups(used, figure, with_swap)]
        lines += ["", f"Total {title} by category:", *_categories(used, figure)]
    return "\n".join([*lines, "", *_ram(device, used), ""])


def _rss(row: Row) -> int:
    return row.rss


def _pss(row: Row) -> int:
    return row.pss


def _use(device: Device, process: Process) -> _Used:
    rows = memory_rows(process, graphics_of(device, process))
    adj = oom_score_adj(device, process)
    name = process.name.rsplit("/", 1)[-1] if process.name != "system_server" else "system"
    activities = " / activities" if any(record.process is process for record in device.activities.stack) else ""
    group = LABELS[max(limit for limit in LABELS if limit <= adj)]
    return _Used(process, f"{name} (pid {process.pid}{activities})", group, rows, total(rows))


def _processes(used: list[_Used], figure: Figure, indent: str, with_swap: bool) -> Iterator[str]:
    for each in sorted(used, key=lambda one: -figure(one.whole)):
        line = f"{indent}{figure(each.whole):>9,}K: {each.label}"
        yield f"{line:<{len(indent) + 72}} ({each.whole.swap:>9,}K in swap)" if with_swap else line


def _groups(used: list[_Used], figure: Figure, with_swap: bool) -> Iterator[str]:
    for group in LABELS.values():
        members = [each for each in used if each.group == group]
        if members:
            yield f"  {sum(figure(each.whole) for each in members):>9,}K: {group}"
            yield from _processes(members, figure, "      ", with_swap)


def _categories(used: list[_Used], figure: Figure) -> Iterator[str]:
    amounts: Counter[str] = Counter()
    for each in used:
        for row in each.rows:
            amounts[row.name.removesuffix(" Heap")] += figure(row)
    return (f"  {amount:>9,}K: {name}" for name, amount in amounts.most_common())


def _ram(device: Device, used: list[_Used]) -> list[str]:
    """What is free counts caches and cached apps; what nobody accounts for is lost."""
    memory = device.physics.memory
    figures: Mapping[str, int] = {
        "total": memory.total_bytes >> 10,
        "free": memory.free_bytes >> 10,
        "cached": memory.cached_bytes >> 10,
        "swapped": memory.swapped_bytes >> 10,
        "swap": memory.swap_bytes >> 10,
    }
    zram = memory.zram_bytes >> 10
    cached_pss = sum(each.whole.pss for each in used if each.group == CACHED)
    used_pss = sum(each.whole.pss for each in used) - cached_pss
    mapped = sum(each.process.memory.file_bytes for each in used) >> 10
    cached_kernel = max(0, figures["cached"] - mapped)
    kernel = figures["total"] // 16
    free, in_use = cached_pss + cached_kernel + figures["free"], used_pss + kernel
    lost = figures["total"] - (used_pss + cached_pss - figures["swapped"]) - figures["free"] - cached_kernel - kernel
    kb = {name: f"{amount:>9,}K" for name, amount in figures.items()}
    return [
        f"Total RAM: {kb['total']} (status normal)",
        f" Free RAM: {free:>9,}K ({cached_pss:>9,}K cached pss + {cached_kernel:>9,}K cached kernel"
        f" + {kb['free']} free)",
        f" Used RAM: {in_use:>9,}K ({used_pss:>9,}K used pss + {kernel:>9,}K kernel)",
        f" Lost RAM: {lost - zram:>9,}K",
        f"     ZRAM: {zram:>9,}K physical used for {kb['swapped']} in swap ({kb['swap']} total swap)",
        "   Tuning: 256 (large 512), oom   322,560K, restore limit   107,520K (high-end-gfx)",
    ]
