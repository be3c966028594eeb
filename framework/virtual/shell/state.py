"""What one shell process knows; a subshell begins with a copy."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from framework.virtual.shell.patterns import Patterns
from framework.virtual.shell.syntax import Command
from framework.virtual.shell.variables import Variables

if TYPE_CHECKING:
    from framework.virtual.clock import DeviceClock
    from framework.virtual.device import Device
    from framework.virtual.system.descriptors import Descriptor
    from framework.virtual.system.files import FileSystem
    from framework.virtual.system.processes import Process

DEFAULT_IFS = " \t\n"


class ShellExit(Exception):
    """The shell process ends with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ShellAbort(Exception):
    """An error that was reported ends the function it happened in, or else the shell, with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class LineInterrupted(Exception):
    """Ctrl+C: an interactive shell gives up the commands of the current line."""


@dataclass(slots=True)
class Jobs:
    """What was started with `&`, oldest first; the last one; and those already waited for, by pid.

    `inherited` are the jobs of the shell that this one was forked from: known, but not to be waited for.
    """

    inherited: list[Process] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    known: dict[int, Process] = field(default_factory=dict)
    last: Process | None = None


@dataclass(slots=True)
class State:
    """`name` is `$0`; `shell_pid` is `$$`, which subshells keep.

    `line` is where in a script file the shell is, for its messages; None when the script is no file.
    """

    device: Device
    process: Process
    name: str
    variables: Variables
    positional: list[str]
    fds: dict[int, Descriptor]
    cwd: str
    shell_pid: int
    private: set[int] = field(default_factory=set)
    """Descriptors above 2 that exec opened: mksh keeps them from the programs it runs."""
    umask: int = 0
    line: int | None = None
    functions: dict[str, Command] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)
    traps: dict[int, str] = field(default_factory=dict)
    pending: list[int] = field(default_factory=list)
    signalled: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 0
    interactive: bool = False
    jobs: Jobs = field(default_factory=Jobs)
    patterns: Patterns = field(default_factory=Patterns)
    hashed: dict[str, str] = field(default_factory=dict)
    """Where commands were found; forgotten when PATH changes."""
    getopts_place: int = 1
    getopts_offset: int = 1

    @property
    def clock(self) -> DeviceClock:
        return self.device.clock

    @property
    def files(self) -> FileSystem:
        return self.device.files.as_user(self.process.uid, self.process.pid)

    @property
    def ifs(self) -> str:
        value = self.variables.get("IFS")
        return DEFAULT_IFS if value is None else value

    def inherited(self) -> dict[int, Descriptor]:
        """The descriptors that a program gets."""
        return {fd: descriptor for fd, descriptor in self.fds.items() if fd not in self.private}

    def fork(self, process: Process) -> State:
        """A subshell's state, in its own process: no change in it is seen here. To be closed with `close_fds`."""
        return replace(
            self,
            process=process,
            variables=self.variables.copy(),
            positional=list(self.positional),
            fds={fd: descriptor.share() for fd, descriptor in self.fds.items()},
            private=set(self.private),
            functions=dict(self.functions),
            options=set(self.options),
            traps={number: action for number, action in self.traps.items() if not action},
            pending=[],
            interactive=False,
            signalled=asyncio.Event(),
            jobs=Jobs([*self.jobs.inherited, *self.jobs.processes], last=self.jobs.last),
            hashed=dict(self.hashed),
        )

    def close_fds(self) -> None:
        for descriptor in self.fds.values():
            descriptor.close()
        self.fds = {}


def computed_variables(clock: DeviceClock, process: Process) -> Mapping[str, Callable[[], str]]:
    """Variables that mksh makes when they are read; RANDOM is seeded by the process."""
    chance = random.Random(process.pid)  # noqa: S311  # it is $RANDOM
    started = clock.now_ns()
    return {
        "RANDOM": lambda: str(chance.randrange(32768)),
        "SECONDS": lambda: str((clock.now_ns() - started) // 1_000_000_000),
        "EPOCHREALTIME": lambda: "{}.{:06}".format(*divmod(clock.wall_ns() // 1000, 1_000_000)),
        "PPID": lambda: str(process.ppid),
        "LINENO": lambda: "1",
    }
