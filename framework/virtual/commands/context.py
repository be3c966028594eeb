"""What a command of the handset is given to run with, and how it is found."""

from __future__ import annotations

import importlib
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.descriptors import Descriptor
    from framework.virtual.system.files import FileSystem
    from framework.virtual.system.pipes import Reader, Writer
    from framework.virtual.system.processes import Process

ENCODING, ERRORS = "utf-8", "surrogateescape"
"""How text stands for the bytes of the handset: any byte comes back as it was."""


class Launcher(Protocol):
    """Runs another program and waits for it, as env, find, timeout and xargs do."""

    async def __call__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: Reader | None = None,
        stdout: Writer | None = None,
    ) -> int:
        """The exit status; 127 where there is no such program. What is not given is the caller's."""
        ...


async def no_launcher(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdin: Reader | None = None,
    stdout: Writer | None = None,
) -> int:
    """For commands that run outside of a shell: no program can be found."""
    return 127


@dataclass(slots=True)
class Context:
    """One running command. `argv[0]` is the name it was called by; texts stand for bytes (surrogateescape)."""

    device: Device
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    uid: int
    process: Process
    stdin: Reader
    stdout: Writer
    stderr: Writer
    fds: Mapping[int, Descriptor] = field(default_factory=dict)
    umask: int = 0
    launch: Launcher = no_launcher

    @property
    def name(self) -> str:
        return self.argv[0].rsplit("/", 1)[-1]

    @property
    def files(self) -> FileSystem:
        """The file system with the rights of this command's user."""
        return self.device.files.as_user(self.uid, self.process.pid)

    def path(self, name: str) -> str:
        """The absolute path of what the user calls `name`."""
        return self.device.files.resolve(self.cwd, name)

    async def out(self, text: str) -> None:
        await self.stdout.write(text.encode(ENCODING, ERRORS))

    async def err(self, text: str) -> None:
        with unheard():
            await self.stderr.write(text.encode(ENCODING, ERRORS))

    async def fail(self, message: str, status: int = 1) -> int:
        """Say `name: message` on stderr; the status to return with."""
        await self.err(f"{self.name}: {message}\n")
        return status

    async def fail_on(self, subject: str, error: OSError, status: int = 1) -> int:
        """Say what the system answered about `subject`."""
        return await self.fail(f"{subject}: {reason(error)}", status)


Command: TypeAlias = Callable[[Context], Awaitable[int]]
"""A command: its exit status."""


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """The names of a command and the module whose `async def run(ctx: Context) -> int` it is."""

    names: tuple[str, ...]
    module: str

    def load(self) -> Command:
        command: Command = importlib.import_module(self.module).run
        return command


@contextmanager
def unheard() -> Iterator[None]:
    """What a program cannot say, as at a terminal that is hung up, does not stop it; a broken pipe does."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError:
        pass


def reason(error: OSError) -> str:
    """The words of strerror(3)."""
    return os.strerror(error.errno) if error.errno else str(error)


def to_text(data: bytes) -> str:
    return data.decode(ENCODING, ERRORS)


def to_bytes(text: str) -> bytes:
    return text.encode(ENCODING, ERRORS)


class CommandFault(Exception):
    """Ends a command: whoever runs it says `name: message` on stderr and takes `status` for its exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status
