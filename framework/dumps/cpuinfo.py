"""`dumpsys cpuinfo`: the load of the CPU by process (AOSP ProcessCpuTracker.java).

Shares are percent of one core for a process, of all cores for the total.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered

KIND = "cpuinfo"
_NUMBER = r"-?\d{1,9}(?:\.\d{1,3})?"
_LOAD = re.compile(rf"Load: ({_NUMBER}) / ({_NUMBER}) / ({_NUMBER})", re.ASCII)
_WINDOW = re.compile(r"CPU usage from (-?\d{1,15})ms to (-?\d{1,15})ms (ago|later)\b.*", re.ASCII)
_TOTAL = re.compile(rf"({_NUMBER})% TOTAL: (.*)", re.ASCII)
_PROCESS = re.compile(rf"[+-]?({_NUMBER})% (\d{{1,10}})/(.+?): ({_NUMBER}% user.*)", re.ASCII)
_SHARE = re.compile(rf"({_NUMBER})% (user|kernel|iowait|irq|softirq)\b", re.ASCII)
_FAULTS = re.compile(r"faults:(?: (\d{1,12}) minor)?(?: (\d{1,12}) major)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shares:
    """User and kernel are always printed, the others only where they are not zero: None is "not printed"."""

    user_percent: float | None = None
    kernel_percent: float | None = None
    iowait_percent: float | None = None
    irq_percent: float | None = None
    softirq_percent: float | None = None


@dataclass(frozen=True, slots=True)
class ProcessCpu:
    """One process, or a thread below it where the dump lists threads."""

    pid: int
    name: str
    total_percent: float
    shares: Shares
    minor_faults: int | None
    major_faults: int | None


@dataclass(frozen=True, slots=True)
class CpuInfo:
    """The window lies from `from_ms` to `to_ms` relative to the dump: negative is before it."""

    load_1m: float | None
    load_5m: float | None
    load_15m: float | None
    from_ms: int | None
    to_ms: int | None
    total_percent: float | None
    total: Shares | None
    processes: tuple[ProcessCpu, ...]


def parse(text: str) -> CpuInfo:
    """DumpError where neither a load, a window, a total nor a process is told."""
    lines = [line.strip() for _, line in numbered(text)]
    load = _first(_LOAD, lines)
    window = _first(_WINDOW, lines)
    total = _first(_TOTAL, lines)
    processes = tuple(_process(match) for line in lines if (match := _PROCESS.fullmatch(line)))
    if not (load or window or total or processes):
        raise DumpError(KIND, after_last(text), "`Load: N / N / N` or `CPU usage from Nms to Nms ago`")
    sign = -1 if window and window[3] == "ago" else 1
    return CpuInfo(
        load_1m=float(load[1]) if load else None,
        load_5m=float(load[2]) if load else None,
        load_15m=float(load[3]) if load else None,
        from_ms=sign * int(window[1]) if window else None,
        to_ms=sign * int(window[2]) if window else None,
        total_percent=float(total[1]) if total else None,
        total=_shares(total[2]) if total else None,
        processes=processes,
    )


def _first(pattern: re.Pattern[str], lines: list[str]) -> re.Match[str] | None:
    return next((match for line in lines if (match := pattern.fullmatch(line))), None)


def _process(match: re.Match[str]) -> ProcessCpu:
    faults = _FAULTS.search(match[4])
    minor, major = faults.groups() if faults else (None, None)
    return ProcessCpu(
        pid=int(match[2]),
        name=match[3],
        total_percent=float(match[1]),
        shares=_shares(match[4]),
        minor_faults=int(minor) if minor else None,
        major_faults=int(major) if major else None,
    )


def _shares(text: str) -> Shares:
    return Shares(**{f"{name}_percent": float(value) for value, name in _SHARE.findall(text)})
