"""This machine as the inside of a handset: a folder for its file system, real programs for its own."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import MappingProxyType

from framework.virtual.adb.banner import device_banner
from framework.virtual.adb.device_port import DebuggableProcess, Files
from framework.virtual.system.pipes import Reader, Writer
from framework.virtual.system.ports import DevicePorts
from framework.virtual.system.terminal import Terminal

GRACE_S = 2.0
"""How long a program that heeds no SIGHUP may go on."""


@dataclass(frozen=True, slots=True)
class HostStat:
    mode: int
    size: int
    mtime: int
    uid: int
    gid: int
    ino: int
    nlink: int


class HostFiles:
    """A folder of this machine as the root of a handset."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _host(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def as_user(self, uid: int, /) -> HostFiles:
        return self

    def stat(self, path: str, /, *, follow: bool = True) -> HostStat:
        found = self._host(path).stat(follow_symlinks=follow)
        owner = (found.st_uid, found.st_gid, found.st_ino, found.st_nlink)
        return HostStat(found.st_mode, found.st_size, int(found.st_mtime), *owner)

    def listdir(self, path: str, /) -> Sequence[str]:
        return [entry.name for entry in self._host(path).iterdir()]

    def mkdir(self, path: str, mode: int, /) -> None:
        self._host(path).mkdir(mode)

    def remove(self, path: str, /) -> None:
        self._host(path).unlink()

    def symlink(self, target: str, path: str, /) -> None:
        self._host(path).symlink_to(target)

    def readlink(self, path: str, /) -> str:
        return str(self._host(path).readlink())

    def chmod(self, path: str, mode: int, /) -> None:
        self._host(path).chmod(mode)

    def utime(self, path: str, mtime: int, /, *, follow: bool = True) -> None:
        os.utime(self._host(path), (mtime, mtime), follow_symlinks=follow)

    def open(self, path: str, mode: str, /) -> FileIO:
        return FileIO(self._host(path), mode)


class HostPrograms:
    """Runs programs of this machine with the streams of a handset's."""

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None) -> None:
        self._folder, self._env = folder, env
        self.running: set[int] = set()
        """Process ids of programs that have not ended."""

    async def run(self, argv: Sequence[str], stdin: Reader, stdout: Writer, stderr: Writer) -> int:
        """The exit status. When it is cancelled, the program gets SIGHUP, then the end of its input, as adbd does.

        What has not ended by then is killed after a moment, with all that it started.
        """
        spawning = asyncio.ensure_future(self._spawn(argv, merged=stdout is stderr))
        feeder: asyncio.Task[None] | None = None
        try:
            process = await asyncio.shield(spawning)  # asyncio leaves a mess when cancelled while it spawns
            feeder = asyncio.create_task(_feed(stdin, process.stdin))
            await asyncio.gather(_carry(process.stdout, stdout), _carry(process.stderr, stderr))
            return await process.wait()
        finally:
            process = await spawning
            if feeder is not None:
                feeder.cancel()
            if process.returncode is None:
                await _hang_up(process)
            await _close(process.stdin)
            self.running.discard(process.pid)

    async def _spawn(self, argv: Sequence[str], *, merged: bool) -> Process:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=STDOUT if merged else PIPE,
            env=self._env,
            cwd=self._folder,
            start_new_session=True,
        )
        self.running.add(process.pid)
        return process


async def _hang_up(process: Process) -> None:
    """A shell that is just forking would lose a SIGHUP: killed in the end, it loses nothing."""
    assert process.stdin is not None
    with suppress(ProcessLookupError):  # it has just ended by itself
        process.send_signal(signal.SIGHUP)
        process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE_S)
        os.killpg(process.pid, signal.SIGKILL)
    await process.communicate()


async def _carry(source: asyncio.StreamReader | None, target: Writer) -> None:
    while source is not None and (data := await source.read(65536)):
        await target.write(data)


async def _feed(source: Reader, target: asyncio.StreamWriter | None) -> None:
    assert target is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        while data := await source.read():
            target.write(data)
            await target.drain()
        target.close()


async def _close(target: asyncio.StreamWriter | None) -> None:
    assert target is not None
    target.close()
    with suppress(BrokenPipeError, ConnectionResetError):
        await target.wait_closed()


class HostDevice:
    """A handset whose shell is this machine's `sh` and whose `cmd` runs this machine's programs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: Files = HostFiles(root)
        self.ports = DevicePorts()
        self.programs = HostPrograms(root)
        self.properties: dict[str, str] = {}
        self.reboots = 0
        self.apps: list[DebuggableProcess] = []
        self.watchers: list[Callable[[], None]] = []

    @property
    def running(self) -> set[int]:
        """Process ids of programs that have not ended."""
        return self.programs.running

    def banner(self) -> bytes:
        return device_banner("host_product", "Host Model", "host")

    def set_property(self, name: str, value: str, /) -> None:
        self.properties[name] = value

    def reboot(self) -> None:
        self.reboots += 1

    def debuggable(self) -> Sequence[DebuggableProcess]:
        return tuple(self.apps)

    def on_processes(self, tell: Callable[[], None], /) -> Callable[[], None]:
        self.watchers.append(tell)
        return lambda: self.watchers.remove(tell)

    async def shell(
        self,
        script: str,
        stdin: Reader,
        stdout: Writer,
        stderr: Writer,
        /,
        *,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> int:
        return await self.programs.run(("sh", "-c", script), stdin, stdout, stderr)

    async def shell_at(
        self, terminal: Terminal, script: str, /, *, environment: Mapping[str, str] = MappingProxyType({})
    ) -> int:
        """This machine's shell knows nothing of the terminal: for what a terminal itself does."""
        return await self.shell(script, terminal, terminal, terminal)

    async def binder(self, args: Sequence[str], stdin: Reader, stdout: Writer, stderr: Writer, /) -> int:
        return await self.programs.run(args, stdin, stdout, stderr)
