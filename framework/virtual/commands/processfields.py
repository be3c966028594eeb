"""What ps and top know of a process, and how wide they show it (toybox ps.c)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from framework.virtual.commands.context import CommandFault, Context
from framework.virtual.commands.dates import format_date
from framework.virtual.commands.sizes import human
from framework.virtual.system.processes import Process
from framework.virtual.system.users import user_name

PAGE_KB = 4
TICKS = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """A process, or one of its threads, at one moment; `tid` and `comm` are its number and name.

    `stat` are the fields of /proc/PID/stat behind the name, `now_ns` boot time.
    """

    process: Process
    tid: int
    comm: str
    stat: tuple[str, ...]
    now_ns: int
    wall_ns: int
    memory_kb: int

    @property
    def state(self) -> str:
        return self.stat[0]

    @property
    def cpu_ticks(self) -> int:
        return int(self.stat[11]) + int(self.stat[12])

    @property
    def virtual_kb(self) -> int:
        return int(self.stat[20]) // 1024

    @property
    def resident_kb(self) -> int:
        return int(self.stat[21]) * PAGE_KB

    @property
    def age_ns(self) -> int:
        return max(1, self.now_ns - self.process.started_ns)

    @property
    def cpu_share(self) -> float:
        """Percent of one CPU since the process started."""
        return self.cpu_ticks / TICKS * 1e9 / self.age_ns * 100


@dataclass(frozen=True, slots=True)
class Column:
    """A negative width aligns to the left."""

    width: int
    value: Callable[[Sample], str]


def samples(ctx: Context, *, threads: bool = False) -> list[Sample]:
    """All processes, by pid; with `threads` all of theirs."""
    clock = ctx.device.clock
    memory_kb = next(
        (int(line.split()[1]) for line in _text(ctx, "/proc/meminfo").splitlines() if line.startswith("MemTotal")), 1
    )
    made = []
    for process in ctx.device.processes.all():
        folder = f"/proc/{process.pid}"
        paths = [f"{folder}/task/{tid}" for tid in ctx.device.files.listdir(f"{folder}/task")] if threads else [folder]
        for path in paths:
            head, _, rest = _text(ctx, f"{path}/stat").rpartition(")")
            tid, _, comm = head.partition(" (")
            made.append(
                Sample(process, int(tid), comm, tuple(rest.split()), clock.now_ns(), clock.wall_ns(), memory_kb)
            )
    return made


def _text(ctx: Context, path: str) -> str:
    return ctx.device.files.read(path).decode("utf-8", "surrogateescape")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _elapsed(sample: Sample) -> str:
    seconds = sample.age_ns // 1_000_000_000
    days = seconds // 86400
    return (f"{days}-" if days else "") + _clock(seconds % 86400)


def _exact_time(sample: Sample) -> str:
    hundredths = sample.cpu_ticks
    return f"{hundredths // 6000}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"


def _arguments(sample: Sample) -> str:
    """The command line without the program's folder; a kernel thread's name in brackets."""
    argv = list(sample.process.argv)
    if argv and argv[0].startswith("/"):
        argv[0] = posixpath.basename(argv[0])
    return " ".join(argv)


def _name(sample: Sample) -> str:
    name = sample.process.argv[0] if sample.process.argv else sample.process.name
    return posixpath.basename(name) if name.startswith("/") else name


def _started(sample: Sample) -> str:
    """The time of day, or the date when that was before today."""
    at = sample.wall_ns - sample.age_ns
    today = format_date("%Y-%m-%d", at) == format_date("%Y-%m-%d", sample.wall_ns)
    return format_date("%H:%M:%S" if today else "%Y-%m-%d", at)


COLUMNS: Mapping[str, Column] = {
    "%CPU": Column(4, lambda s: f"{s.cpu_share:.1f}"),
    "%MEM": Column(5, lambda s: f"{s.resident_kb / s.memory_kb * 100:.1f}"),
    "ADDR": Column(12, lambda s: "0"),
    "ARGS": Column(-27, _arguments),
    "C": Column(1, lambda s: f"{s.cpu_share:.0f}"),
    "CMD": Column(-15, lambda s: s.comm),
    "CMDLINE": Column(-27, lambda s: " ".join(s.process.argv)),
    "COMM": Column(-27, _name),
    "COMMAND": Column(-27, lambda s: s.process.argv[0] if s.process.argv else s.process.name),
    "ELAPSED": Column(11, _elapsed),
    "F": Column(1, lambda s: "4"),
    "GID": Column(8, lambda s: str(s.process.uid)),
    "GROUP": Column(-8, lambda s: user_name(s.process.uid)),
    "LABEL": Column(-30, lambda s: "u:r:untrusted_app:s0" if s.process.uid >= 10000 else "u:r:shell:s0"),
    "NAME": Column(-27, _name),
    "NI": Column(3, lambda s: s.stat[16]),
    "PCY": Column(3, lambda s: "fg"),
    "PGID": Column(5, lambda s: s.stat[2]),
    "PID": Column(5, lambda s: str(s.process.pid)),
    "PPID": Column(5, lambda s: str(s.process.ppid)),
    "PR": Column(2, lambda s: s.stat[15]),
    "PRI": Column(3, lambda s: "19"),
    "PSR": Column(3, lambda s: "0"),
    "RES": Column(4, lambda s: human(s.resident_kb * 1024)),
    "RSS": Column(6, lambda s: str(s.resident_kb)),
    "S": Column(1, lambda s: s.state),
    "SHR": Column(4, lambda s: human(s.process.memory.file_bytes)),
    "STAT": Column(-5, lambda s: s.state + ("l" if s.process.threads > 1 else "")),
    "STIME": Column(5, _started),
    "SZ": Column(5, lambda s: str(s.virtual_kb // PAGE_KB)),
    "TCNT": Column(4, lambda s: str(s.process.threads)),
    "TID": Column(5, lambda s: str(s.tid)),
    "TIME": Column(8, lambda s: _clock(s.cpu_ticks // TICKS)),
    "TIME+": Column(9, _exact_time),
    "TTY": Column(-8, lambda s: "?"),
    "UID": Column(5, lambda s: str(s.process.uid)),
    "USER": Column(-12, lambda s: user_name(s.process.uid)),
    "VIRT": Column(4, lambda s: human(s.virtual_kb * 1024)),
    "VSIZE": Column(10, lambda s: str(s.virtual_kb)),
    "VSZ": Column(10, lambda s: str(s.virtual_kb)),
    "WCHAN": Column(-6, lambda s: "0"),
}
TITLES = {"VSIZE": "VSZ"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of one listing."""

    title: str
    width: int
    value: Callable[[Sample], str]


def columns(texts: list[str]) -> list[Shown]:
    """From `NAME`, `NAME:width` or `NAME=title`, separated by commas. Raises CommandFault."""
    made = []
    for text in ",".join(texts).split(","):
        name, equals, title = text.strip().partition("=")
        name, _, width = name.partition(":")
        column = COLUMNS.get(name.upper())
        if column is None:
            raise CommandFault(f"bad -o '{text}'")
        size = int(width) if width.isdigit() else abs(column.width)
        shown = title if equals else TITLES.get(name.upper(), name.upper())
        made.append(Shown(shown, -size if column.width < 0 else size, column.value))
    return made


def header(shown: list[Shown]) -> str:
    return " ".join(_fit(column.title, column.width) for column in shown)


def row(shown: list[Shown], sample: Sample) -> str:
    """Values are not cut: what one has too much, the next ones have less. The last one is not filled up."""
    cells = []
    excess = 0
    for column in shown:
        text = column.value(sample)
        room = max(0, abs(column.width) - excess)
        excess = max(0, excess + len(text) - abs(column.width))
        cells.append(_fit(text, -room if column.width < 0 else room))
    return " ".join(cells).rstrip() if shown[-1].width < 0 else " ".join(cells)


def _fit(text: str, width: int) -> str:
    return text.ljust(-width) if width < 0 else text.rjust(width)
