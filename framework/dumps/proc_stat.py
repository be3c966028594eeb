"""`/proc/stat` and `/proc/PID/stat` (also of threads, several lines), in the kernel's clock ticks (100 a second).

Fields as in proc(5). The name in a task's line may hold blanks and parentheses: it ends at the last `)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered, whole

KIND = "proc_stat"
_TASK = re.compile(r"\s*(?P<pid>\d{1,10}) \((?P<name>.*)\) (?P<state>[A-Za-z]) (?P<rest>[-\d ]+)", re.ASCII | re.DOTALL)
_NUMBERS = re.compile(r"-?\d{1,20}(?: +-?\d{1,20})*", re.ASCII)
_CPU = re.compile(r"(?P<name>cpu\d{0,4})\s+(?P<ticks>[\d ]+)", re.ASCII)
_TICKS = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guest_nice")
_MIN_TICKS = 4
_COUNTS = {
    "ctxt": "context_switches",
    "btime": "boot_time_s",
    "processes": "forks",
    "procs_running": "running",
    "procs_blocked": "blocked",
}
_MIN_REST = 21
"""Fields after the state, up to and with the resident pages; later kernels append more."""


@dataclass(frozen=True, slots=True)
class CpuTicks:
    """Ticks since boot of `cpu` (all cores that are on) or of one, `cpu0`; None for what an old kernel lacks."""

    name: str
    user_ticks: int
    nice_ticks: int
    system_ticks: int
    idle_ticks: int
    iowait_ticks: int | None = None
    irq_ticks: int | None = None
    softirq_ticks: int | None = None
    steal_ticks: int | None = None
    guest_ticks: int | None = None
    guest_nice_ticks: int | None = None


@dataclass(frozen=True, slots=True)
class TaskStat:
    """A process or thread; `start_ticks` (since boot) tells it from a later one with the same pid."""

    pid: int
    name: str
    state: str
    ppid: int
    minor_faults: int
    major_faults: int
    user_ticks: int
    system_ticks: int
    priority: int
    nice: int
    threads: int
    start_ticks: int
    virtual_bytes: int
    rss_pages: int
    cpu: int | None


@dataclass(frozen=True, slots=True)
class ProcStat:
    """`cpus` and the counters are those of /proc/stat, `tasks` the lines of /proc/PID/stat."""

    cpus: tuple[CpuTicks, ...] = ()
    tasks: tuple[TaskStat, ...] = ()
    context_switches: int | None = None
    boot_time_s: int | None = None
    forks: int | None = None
    running: int | None = None
    blocked: int | None = None


def parse(text: str) -> ProcStat:
    """DumpError where a known line is not as the kernel prints it (cut, for one), or none is there."""
    cpus: list[CpuTicks] = []
    tasks: list[TaskStat] = []
    counts: dict[str, int] = {}
    for number, line in numbered(text):
        word = line.split()[0]
        if word.startswith("cpu"):
            cpus.append(_cpu(number, line))
        elif word in _COUNTS:
            counts[_COUNTS[word]] = whole(KIND, number, word, line.strip()[len(word) :])
        elif word.isdecimal():
            tasks.append(_task(number, line))
    if not (cpus or tasks):
        raise DumpError(KIND, after_last(text), "`cpu  N N N N …` or `PID (NAME) STATE N N …`")
    return ProcStat(tuple(cpus), tuple(tasks), **counts)


def _cpu(number: int, line: str) -> CpuTicks:
    match = _CPU.fullmatch(line.strip())
    ticks = match["ticks"].split() if match else []
    if match is None or len(ticks) < _MIN_TICKS:
        raise DumpError(KIND, number, "`cpu` and at least four numbers of ticks")
    values = {f"{name}_ticks": whole(KIND, number, name, value) for name, value in zip(_TICKS, ticks, strict=False)}
    return CpuTicks(name=match["name"], **values)


def _task(number: int, line: str) -> TaskStat:
    match = _TASK.fullmatch(line)
    rest = match["rest"].split() if match else []
    if match is None or len(rest) < _MIN_REST or not _NUMBERS.fullmatch(match["rest"].strip()):
        raise DumpError(KIND, number, f"`PID (NAME) STATE` and at least {_MIN_REST} numbers")
    return TaskStat(
        pid=int(match["pid"]),
        name=match["name"],
        state=match["state"],
        ppid=int(rest[0]),
        minor_faults=int(rest[6]),
        major_faults=int(rest[8]),
        user_ticks=int(rest[10]),
        system_ticks=int(rest[11]),
        priority=int(rest[14]),
        nice=int(rest[15]),
        threads=int(rest[16]),
        start_ticks=int(rest[18]),
        virtual_bytes=int(rest[19]),
        rss_pages=int(rest[20]),
        cpu=int(rest[35]) if len(rest) > 35 else None,
    )
