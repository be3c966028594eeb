"""`top` of toybox (also without -b, with its terminal escapes) and of the toolbox until Android 7.

Of several rounds the last is read: the first covers the whole life of each process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from framework.dumps.errors import DumpError
from framework.dumps.lines import after_last, numbered, size_kb, whole

KIND = "top"
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]")
_ROUND = re.compile(r"(?:Tasks|Threads): |User \d{1,3}%, ", re.ASCII)
_COUNT = re.compile(r"(\d{1,9}) (total|running|sleeping|stopped|zombie)", re.ASCII)
_SIZE = re.compile(r"([\d.]{1,15}[A-Za-z]?) (total|used|free|buffers|cached)", re.ASCII)
_TOYBOX_CPU = re.compile(r"(\d{1,6})%(cpu|user|nice|sys|idle|iow|irq|sirq|host)", re.ASCII)
_TOOLBOX_CPU = re.compile(r"(User|System|IOW|IRQ) (\d{1,3})%", re.ASCII)
_TIME = re.compile(r"(\d{1,9}):(\d\d)\.(\d\d)", re.ASCII)
_NEGATIVE = re.compile(r"-\d{1,9}(?:\.-?\d{1,3})?%?", re.ASCII)
_CPU_FIELDS = {"cpu": "capacity", "sys": "system", "iow": "iowait", "sirq": "softirq"}
_COLUMNS = {
    "UID": "USER",
    "CPU%": "%CPU",
    "VSS": "VIRT",
    "RSS": "RES",
    "Thread": "THREAD",
    "Proc": "ARGS",
    "PROCESS": "ARGS",
    "Name": "ARGS",
}
"""The columns by toybox's names."""


@dataclass(frozen=True, slots=True)
class Tasks:
    total: int | None = None
    running: int | None = None
    sleeping: int | None = None
    stopped: int | None = None
    zombie: int | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """`cached_kb` stands in the line of the swap, as toybox prints it."""

    total_kb: int | None = None
    used_kb: int | None = None
    free_kb: int | None = None
    buffers_kb: int | None = None
    cached_kb: int | None = None


@dataclass(frozen=True, slots=True)
class CpuShares:
    """Percent of one core out of `capacity_percent` (400 for four); of all cores where the toolbox tells none."""

    capacity_percent: int | None = None
    user_percent: int | None = None
    nice_percent: int | None = None
    system_percent: int | None = None
    idle_percent: int | None = None
    iowait_percent: int | None = None
    irq_percent: int | None = None
    softirq_percent: int | None = None
    host_percent: int | None = None


@dataclass(frozen=True, slots=True)
class TopTask:
    """One row, a process or a thread; `command` may be cut to the width of the terminal."""

    pid: int | None
    tid: int | None
    user: str | None
    state: str | None
    cpu_percent: float | None
    memory_percent: float | None
    virtual_kb: int | None
    resident_kb: int | None
    shared_kb: int | None
    cpu_time_ms: int | None
    thread: str | None
    command: str | None


@dataclass(frozen=True, slots=True)
class Top:
    tasks: Tasks | None
    memory: Memory | None
    swap: Memory | None
    cpu: CpuShares | None
    rows: tuple[TopTask, ...]


def parse(text: str) -> Top:
    """DumpError without a header of columns, or for a row that does not fit it."""
    lines = numbered(_ESCAPE.sub("", text))
    starts = [at for at, (_, line) in enumerate(lines) if _ROUND.match(line.lstrip())]
    lines = lines[starts[-1] :] if starts else lines
    at = next((at for at, (_, line) in enumerate(lines) if line.split()[0] in ("PID", "TID")), None)
    if at is None:
        raise DumpError(KIND, after_last(text), "a header that begins with PID or TID")
    summary = {line.split(":")[0].strip(): (number, line) for number, line in lines[:at]}
    header = lines[at][1].replace("[", " ").replace("]", " ")
    tasks = summary.get("Tasks", summary.get("Threads"))
    return Top(
        tasks=Tasks(**{name: int(value) for value, name in _COUNT.findall(tasks[1])}) if tasks else None,
        memory=_memory(*summary["Mem"]) if "Mem" in summary else None,
        swap=_memory(*summary["Swap"]) if "Swap" in summary else None,
        cpu=_cpu([line for _, line in lines[:at]]),
        rows=tuple(_row(number, line, header) for number, line in lines[at + 1 :] if line.split()[0].isdecimal()),
    )


def _memory(number: int, line: str) -> Memory:
    found = _SIZE.findall(line)
    return Memory(**{f"{name}_kb": size_kb(KIND, number, name, size.upper()) for size, name in found})


def _cpu(summary: list[str]) -> CpuShares | None:
    for line in summary:
        if "%cpu" in line:
            pairs = [(name, value) for value, name in _TOYBOX_CPU.findall(line)]
        elif line.lstrip().startswith("User ") and "%" in line:
            pairs = [({"IOW": "iow"}.get(name, name.lower()), value) for name, value in _TOOLBOX_CPU.findall(line)]
        else:
            continue
        return CpuShares(**{f"{_CPU_FIELDS.get(name, name)}_percent": int(value) for name, value in pairs})
    return None


def _row(number: int, line: str, header: str) -> TopTask:
    columns = header.split()
    words = line.split(maxsplit=len(columns) - 1)
    if len(words) < len(columns) - 1:
        raise DumpError(KIND, number, f"a row with {' '.join(columns)}")
    cells = dict(zip((_COLUMNS.get(column, column) for column in columns), words, strict=False))
    cells.update(_names(line, header, cells))
    sizes = {name: size_kb(KIND, number, name, cells[name].upper()) for name in ("VIRT", "RES", "SHR") if name in cells}
    numbers = {name: whole(KIND, number, name, cells[name]) for name in ("PID", "TID") if name in cells}
    return TopTask(
        pid=numbers.get("PID"),
        tid=numbers.get("TID"),
        user=cells.get("USER"),
        state=cells.get("S"),
        cpu_percent=_percent(number, "%CPU", cells),
        memory_percent=_percent(number, "%MEM", cells),
        virtual_kb=sizes.get("VIRT"),
        resident_kb=sizes.get("RES"),
        shared_kb=sizes.get("SHR"),
        cpu_time_ms=_time_ms(number, cells.get("TIME+")),
        thread=cells.get("THREAD") or None,
        command=cells.get("ARGS") or None,
    )


def _names(line: str, header: str, cells: dict[str, str]) -> dict[str, str]:
    """Names of threads hold blanks: where a row lists both names, the place of the last column parts them."""
    columns = header.split()
    if "THREAD" not in cells or len(columns) < 2:
        return {}
    tail = line.split(maxsplit=len(columns) - 2)[-1]
    command = line[header.rindex(columns[-1]) :].strip()
    return {"THREAD": tail.removesuffix(command).strip(), "ARGS": command} if tail.endswith(command) else {}


def _percent(number: int, name: str, cells: dict[str, str]) -> float | None:
    """None also for a negative share, as `-3.-5`: toybox has taken a task for an earlier one of the same number."""
    if name not in cells or _NEGATIVE.fullmatch(cells[name]):
        return None
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)%?", cells[name], re.ASCII)
    if match is None:
        raise DumpError(KIND, number, f"{name} as a number")
    return float(match[1])


def _time_ms(number: int, text: str | None) -> int | None:
    if text is None:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        raise DumpError(KIND, number, "TIME+ as MINUTES:SS.hh")
    return (int(match[1]) * 60 + int(match[2])) * 1000 + int(match[3]) * 10
