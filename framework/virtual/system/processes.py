"""The processes of one handset: who runs, since when, and what a signal does to them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from framework.virtual.system.users import ROOT, SYSTEM

PID_MAX = 32768
HARMLESS = frozenset(
    (signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
)
"""Signals whose default action does not end a process here; nothing is ever stopped."""


@dataclass(slots=True)
class ProcessMemory:
    """Resident anonymous and file-backed bytes, bytes swapped out, and the highest resident set so far.

    Of the files, `mapped_bytes` are weights that are mapped as a whole, `weights_bytes` what is resident of them.
    `wanted_bytes` are allocations that wait for room, `read_bytes` what page faults have read from storage.
    """

    anon_bytes: int = 1 << 20
    file_bytes: int = 3 << 20
    swap_bytes: int = 0
    hwm_bytes: int = 4 << 20
    mapped_bytes: int = 0
    weights_bytes: int = 0
    wanted_bytes: int = 0
    read_bytes: int = 0

    @property
    def rss_bytes(self) -> int:
        return self.anon_bytes + self.file_bytes


@dataclass(slots=True, eq=False)
class Thread:
    """A thread beside a process's first. `name` has at most 15 characters; `cpu_ns` is part of the process's."""

    tid: int
    name: str
    started_ns: int
    cpu_ns: int = 0


@dataclass(slots=True, eq=False)
class Process:
    """One process; `name` is its command line's first word, `started_ns` boot time in ns.

    `task` is the asyncio task that runs its code, if any; commands that a shell waits for run in the shell's.
    `ignored` signals do nothing, to its children neither; `handler(signal)` says whether it takes one itself.
    SIGKILL heeds neither. `oom_score_adj` is what init or zygote gave it; activities change it. `others` are the
    threads beside the first, by name. What runs in the `background` hears nothing of its session's terminal.
    """

    pid: int
    ppid: int
    uid: int
    name: str
    started_ns: int
    argv: tuple[str, ...] = ()
    session: int = 0
    threads: int = 1
    oom_score_adj: int = -1000
    cpu_ns: int = 0
    others: dict[str, Thread] = field(default_factory=dict)
    memory: ProcessMemory = field(default_factory=ProcessMemory)
    task: asyncio.Task[int] | None = None
    ignored: set[int] = field(default_factory=set)
    handler: Callable[[int], bool] | None = None
    background: bool = False
    killed_by: int | None = None
    exit_status: int | None = None
    on_exit: list[Callable[[int], None]] = field(default_factory=list)

    @property
    def comm(self) -> str:
        """The kernel's name of it: at most 15 characters; for an app, as in Android, the last ones."""
        name = self.name if "/" not in self.name else self.name.rsplit("/", 1)[1]
        return name[-15:] if "." in name else name[:15]

    @property
    def main_cpu_ns(self) -> int:
        """CPU time of the first thread."""
        return self.cpu_ns - sum(thread.cpu_ns for thread in self.others.values())

    @property
    def running(self) -> bool:
        return self.exit_status is None

    def signal(self, number: int) -> None:
        """Deliver a signal; 0 delivers nothing. Its code ends at once or at its next wait."""
        if number == 0 or not self.running or self.killed_by is not None:
            return
        if number != signal.SIGKILL and self._heeds(number):
            return
        self.killed_by = number
        if self.task is None:
            self.finish(128 + number)
        elif self.task is not asyncio.current_task():
            self.task.cancel()

    def _heeds(self, number: int) -> bool:
        """Whether a signal does not end this process."""
        if number in self.ignored or (self.handler is not None and self.handler(number)):
            return True
        return number in HARMLESS

    def finish(self, status: int) -> None:
        """Record the end, once, and tell whoever asked to know."""
        if self.exit_status is None:
            self.exit_status = status
            for tell in self.on_exit:
                tell(status)

    async def wait(self) -> int:
        """Wait for the end; the exit status, 128+n after signal n."""
        if self.exit_status is not None:
            return self.exit_status
        ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.on_exit.append(lambda status: None if ended.done() else ended.set_result(status))
        return await ended


class ProcessTable:
    """All running processes by pid. `now` is the boot-time clock in ns."""

    def __init__(self, now: Callable[[], int], *, first_pid: int = 1) -> None:
        self._now = now
        self._next = first_pid
        self._processes: dict[int, Process] = {}
        self.watchers: list[Callable[[], None]] = []
        """Called when a process has begun or ended."""

    def spawn(
        self,
        name: str,
        uid: int,
        ppid: int = 1,
        *,
        argv: tuple[str, ...] = (),
        pid: int | None = None,
        task: asyncio.Task[int] | None = None,
    ) -> Process:
        """A new process; it leaves the table when it finishes. `pid` is for those of the boot."""
        parent = self._processes.get(ppid)
        process = Process(
            pid=self._free_pid() if pid is None else pid,
            ppid=ppid,
            uid=uid,
            name=name,
            started_ns=self._now(),
            argv=argv or (name,),
            session=parent.session if parent else 0,
            ignored=set(parent.ignored) if parent else set(),
            task=task,
            background=parent is not None and parent.background,
        )
        self._processes[process.pid] = process
        process.on_exit.append(lambda _: self._forget(process))
        self._tell()
        return process

    def start_threads(self, process: Process, names: Iterable[str]) -> None:
        """Threads beside the first; those that are there already stay. Their ids come from the same numbers as pids."""
        for name in names:
            if name not in process.others:
                process.others[name] = Thread(self._free_pid(), name, self._now())
        process.threads = max(process.threads, 1 + len(process.others))

    def spend(self, process: Process, names: Sequence[str], ns: int) -> None:
        """CPU time that these threads used together, in equal parts; without any, the first did."""
        process.cpu_ns += ns
        if any(name not in process.others for name in names):
            self.start_threads(process, names)
        for name in names:
            process.others[name].cpu_ns += ns // len(names)

    def get(self, pid: int) -> Process | None:
        return self._processes.get(pid)

    def by_name(self, name: str) -> Process | None:
        """The newest process of exactly this name."""
        return next((process for process in reversed(self.all()) if process.name == name), None)

    def all(self) -> list[Process]:
        """By pid."""
        return sorted(self._processes.values(), key=lambda process: process.pid)

    def children(self, pid: int) -> Iterator[Process]:
        return (process for process in self.all() if process.ppid == pid)

    def kill(self, pid: int, number: int, *, uid: int = ROOT) -> None:
        """kill(2) as `uid`. Raises ProcessLookupError or PermissionError."""
        process = self._processes.get(pid)
        if process is None:
            raise ProcessLookupError(pid)
        if uid not in (ROOT, SYSTEM, process.uid):
            raise PermissionError(pid)
        process.signal(number)

    async def close(self) -> None:
        """The handset goes down: every process is killed, and its task has ended when this returns."""
        processes = self.all()
        for process in processes:
            process.signal(signal.SIGKILL)
        tasks = {process.task for process in processes if process.task is not None}
        await asyncio.gather(*tasks - {asyncio.current_task()}, return_exceptions=True)

    def _free_pid(self) -> int:
        while self._next in self._processes:
            self._next += 1
        pid, self._next = self._next, self._next + 1
        if self._next >= PID_MAX:
            self._next = 300
        return pid

    def _forget(self, process: Process) -> None:
        self._processes.pop(process.pid, None)
        for other in self._processes.values():
            if other.ppid == process.pid:
                other.ppid = 1
        self._tell()

    def _tell(self) -> None:
        for tell in tuple(self.watchers):
            tell()
