"""The part of `dumpsys meminfo` that tells of the whole handset: processes by size, and the RAM."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SECTION = re.compile(r"Total (?P<measure>PSS|RSS|SwapPSS) by process:")
_PROCESS = re.compile(
    r"\s*(?P<size>[0-9,]{1,20})(?:K| kB): (?P<process>\S.*?) \(pid (?P<pid>[0-9]{1,10})(?P<rest>[^)]*)\)"
    r"(?: \(user (?P<user>[0-9]{1,6})\))?"
)
_SIZE = r"\s*(?P<size>-?[0-9,]{1,20})(?:K| kB)"
_RAM = re.compile(rf"\s*(?P<key>Total|Free|Used|Lost) RAM:{_SIZE}(?: \(status (?P<status>\w+))?")
_ZRAM = re.compile(
    rf"\s*ZRAM:{_SIZE} physical used for\s*(?P<swapped>[0-9,]{{1,20}})(?:K| kB) in swap"
    r"\s*\(\s*(?P<total>[0-9,]{1,20})(?:K| kB) total swap\)"
)


@dataclass(frozen=True, slots=True)
class ProcessSize:
    process: str
    pid: int
    user: int | None
    kb: int


@dataclass(frozen=True, slots=True)
class SystemMemory:
    """All in kB. `status` is the memory trim level in a word (normal, moderate, low, critical)."""

    total_ram_kb: int | None
    free_ram_kb: int | None
    used_ram_kb: int | None
    lost_ram_kb: int | None
    status: str | None
    zram_physical_kb: int | None
    zram_swapped_kb: int | None
    swap_total_kb: int | None
    rss_by_process: tuple[ProcessSize, ...]
    pss_by_process: tuple[ProcessSize, ...]


def parse_system(lines: list[str]) -> SystemMemory | None:
    """None for a dump that holds neither a list of processes nor a line of the RAM."""
    ram = {match["key"]: match for line in lines if (match := _RAM.match(line))}
    zram = next((match for line in lines if (match := _ZRAM.match(line))), None)
    sizes = _by_process(lines)
    if not ram and zram is None and not any(sizes.values()):
        return None
    kb = {key: _kb(match["size"]) for key, match in ram.items()}
    return SystemMemory(
        total_ram_kb=kb.get("Total"),
        free_ram_kb=kb.get("Free"),
        used_ram_kb=kb.get("Used"),
        lost_ram_kb=kb.get("Lost"),
        status=ram["Total"]["status"] if "Total" in ram else None,
        zram_physical_kb=_kb(zram["size"]) if zram else None,
        zram_swapped_kb=_kb(zram["swapped"]) if zram else None,
        swap_total_kb=_kb(zram["total"]) if zram else None,
        rss_by_process=tuple(sizes.get("RSS", ())),
        pss_by_process=tuple(sizes.get("PSS", ())),
    )


def _by_process(lines: list[str]) -> dict[str, list[ProcessSize]]:
    sizes: dict[str, list[ProcessSize]] = {}
    section: list[ProcessSize] | None = None
    for line in lines:
        if heading := _SECTION.match(line):
            section = sizes.setdefault(heading["measure"], [])
        elif not line[:1].isspace():
            section = None
        elif section is not None and (match := _PROCESS.match(line)) and (kb := _kb(match["size"])) is not None:
            user = int(match["user"]) if match["user"] else None
            section.append(ProcessSize(match["process"], int(match["pid"]), user, kb))
    return sizes


def _kb(text: str) -> int | None:
    digits = text.replace(",", "")
    return int(digits) if digits.removeprefix("-").isdecimal() else None
