"""`dumpsys meminfo [PACKAGE|PID]` (AOSP ActivityThread.dumpMemInfoTable): where a process's memory lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from framework.virtual.android.binder import Call
from framework.virtual.android.uptimes import uptimes

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.processes import Process

COLUMNS = ("Pss", "Private", "Private", "SwapPss", "Rss", "Heap", "Heap", "Heap")
UNDER = ("Total", "Dirty", "Clean", "Dirty", "Total", "Size", "Alloc", "Free")
SHARED_OF_CODE = 0.6
"""Part of the resident code that other processes have mapped too."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table, in kB."""

    name: str
    pss: int
    dirty: int
    clean: int
    swap: int
    rss: int


async def dump(call: Call) -> int:
    device = call.device
    header = f"Applications Memory Usage (in Kilobytes):\n{uptimes(device.clock)}\n"
    wanted = next((word for word in call.words if not word.startswith("-")), None)
    if wanted is None:
        await call.out(f"{header}\n{_whole_system(device)}")
        return 0
    process = device.processes.get(int(wanted)) if wanted.isdecimal() else device.processes.by_name(wanted)
    if process is None:
        await call.out(f"{header}No process found for: {wanted}\n")
        return 0
    await call.out(f"{header}\n{_process(process)}")
    return 0


def _rows(process: Process) -> list[_Row]:
    memory = process.memory
    anon, file, swap = memory.anon_bytes >> 10, memory.file_bytes >> 10, memory.swap_bytes >> 10
    code = min(file, 118 << 10)
    java, stack = min(anon // 5, 36 << 10), min(anon // 50, 2 << 10)
    native = anon - java - stack
    own_code = int(code * (1 - SHARED_OF_CODE))
    return [
        _Row("Native Heap", native, native, 0, swap, native),
        _Row("Dalvik Heap", java, java, 0, 0, java),
        _Row("Stack", stack, stack, 0, 0, stack),
        _Row(".so mmap", own_code // 2, own_code // 20, own_code // 3, 0, code // 2),
        _Row(".dex mmap", own_code // 4, 0, own_code // 5, 0, code // 4),
        _Row(".oat mmap", own_code // 4, 0, own_code // 5, 0, code - code // 2 - code // 4),
        _Row("Other mmap", file - code, 0, file - code, 0, file - code),
    ]


def _total(rows: list[_Row]) -> _Row:
    return _Row(
        "TOTAL",
        sum(row.pss for row in rows) + sum(row.swap for row in rows),
        sum(row.dirty for row in rows),
        sum(row.clean for row in rows),
        sum(row.swap for row in rows),
        sum(row.rss for row in rows),
    )


def _process(process: Process) -> str:
    rows = _rows(process)
    lines = [f"** MEMINFO in pid {process.pid} [{process.name}] **"]
    lines += [" " * 15 + "".join(f"{word:>9}" for word in words) for words in (COLUMNS, UNDER)]
    lines += [" " * 15 + "   ------" * len(COLUMNS)]
    heaps = {rows[0].name: _heap(rows[0]), rows[1].name: _heap(rows[1])}
    total = _total(rows)
    heaps[total.name] = tuple(sum(sizes) for sizes in zip(*heaps.values(), strict=True))
    lines += [_line(row, heaps.get(row.name, ())) for row in [*rows, total]]
    return "\n".join([*lines, " ", *_summary(rows, total), ""])


def _heap(row: _Row) -> tuple[int, ...]:
    return row.dirty * 5 // 4, row.dirty, row.dirty // 4


def _line(row: _Row, heap: tuple[int, ...]) -> str:
    figures = (row.pss, row.dirty, row.clean, row.swap, row.rss, *heap)
    return f"{row.name:>13}  " + "".join(f"{figure:>9}" for figure in figures)


def _summary(rows: list[_Row], total: _Row) -> list[str]:
    by_name = {row.name: row for row in rows}
    code = [by_name[name] for name in (".so mmap", ".dex mmap", ".oat mmap")]
    sections = (
        ("Java Heap", by_name["Dalvik Heap"].pss, by_name["Dalvik Heap"].rss),
        ("Native Heap", by_name["Native Heap"].pss, by_name["Native Heap"].rss),
        ("Code", sum(row.pss for row in code), sum(row.rss for row in code)),
        ("Stack", by_name["Stack"].pss, by_name["Stack"].rss),
        ("Graphics", 0, 0),
        ("Private Other", by_name["Other mmap"].pss, by_name["Other mmap"].rss),
        ("System", 0, 0),
    )
    lines = [" App Summary", f"{'Pss(KB)':>30}{'Rss(KB)':>31}", f"{'------':>30}{'------':>31}"]
    lines += [f"{name + ':':>21}{pss:>9}{rss:>31}" for name, pss, rss in sections]
    swap = f"TOTAL SWAP PSS: {total.swap:>8}"
    return [*lines, " ", f"           TOTAL PSS:{total.pss:>9}            TOTAL RSS:{total.rss:>9}       {swap}", " "]


def _whole_system(device: Device) -> str:
    memory = device.physics.memory
    processes = sorted(device.processes.all(), key=lambda each: -each.memory.rss_bytes)
    lines = ["Total RSS by process:"]
    lines += [f"    {each.memory.rss_bytes >> 10:>9,}K: {each.name} (pid {each.pid})" for each in processes]
    used = memory.total_bytes - memory.available_bytes
    swapped, swap = memory.swapped_bytes >> 10, memory.swap_bytes >> 10
    lines += [
        "",
        f"Total RAM: {memory.total_bytes >> 10:,}K (status normal)",
        f" Free RAM: {memory.available_bytes >> 10:,}K",
        f" Used RAM: {used >> 10:,}K",
        f"     ZRAM: 0K physical used for {swapped:,}K in swap ({swap:,}K total swap)",
    ]
    return "\n".join([*lines, ""])
