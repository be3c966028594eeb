"""Finding and running programs: the handset's commands, and scripts in files."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import posixpath
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framework.virtual.commands import find_command
from framework.virtual.commands.context import Command, CommandFault, Context, reason
from framework.virtual.commands.options import HelpWanted
from framework.virtual.shell.state import State
from framework.virtual.system.descriptors import Descriptor

if TYPE_CHECKING:
    from framework.virtual.system.pipes import Reader, Writer
    from framework.virtual.system.processes import Process

DEFAULT_PATH = (
    "/product/bin:/apex/com.android.runtime/bin:/apex/com.android.art/bin:/system_ext/bin:"
    "/system/bin:/system/xbin:/odm/bin:/vendor/bin:/vendor/xbin"
)
INTERPRETERS = ("sh", "mksh")
SIGPIPE_STATUS = 141
DEATHS = {
    1: "Hangup",
    3: "Quit",
    4: "Illegal instruction",
    6: "Aborted",
    9: "Killed",
    11: "Segmentation fault",
    15: "Terminated",
}


class NotRunnable(Exception):
    """There is no such program (status 127) or it cannot be run (126); the message is mksh's."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Program:
    """What a name leads to: a command, and the arguments it is really called with."""

    command: Command
    argv: tuple[str, ...]


def locate(state: State, name: str) -> str | None:
    """The path of a program, by PATH unless the name has a slash; None if there is none."""
    if "/" in name:
        return name
    if (known := state.hashed.get(name)) is not None:
        return known
    for directory in (state.variables.get("PATH") or "").split(":"):
        path = f"{directory or '.'}/{name}"
        if _executable(state, path):
            state.hashed[name] = path
            return path
    return None


def find_program(state: State, argv: Sequence[str]) -> Program:
    """The program for a command line. Raises NotRunnable."""
    path = locate(state, argv[0])
    if path is None:
        raise NotRunnable(f"{argv[0]}: inaccessible or not found", 127)
    absolute = state.files.resolve(state.cwd, path)
    try:
        _check(state, absolute)
        real = state.files.realpath(absolute)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            raise NotRunnable(f"{argv[0]}: inaccessible or not found", 127) from None
        raise NotRunnable(f"{argv[0]}: can't execute: {reason(error)}", 126) from None
    names = (posixpath.basename(path), posixpath.basename(real))
    spec = next((found for name in names if (found := find_command(name))), None)
    if real.startswith("/system/") and spec is not None:
        return Program(spec.load(), tuple(argv))
    return _script(state, path, absolute, argv)


def _executable(state: State, path: str) -> bool:
    try:
        _check(state, state.files.resolve(state.cwd, path))
    except OSError:
        return False
    return True


def _check(state: State, path: str) -> None:
    if stat.S_ISDIR(state.files.stat(path).mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not state.files.access(path, 1):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), path)


def _script(state: State, path: str, absolute: str, argv: Sequence[str]) -> Program:
    """A text file is run by the interpreter of its first line, or by sh."""
    with state.files.open(absolute, uid=state.process.uid) as file:
        head = file.read(256)
    if head.startswith(b"\x7fELF"):
        raise NotRunnable(f"{argv[0]}: not executable: 64-bit ELF file", 126)
    interpreter = ["sh"]
    if head.startswith(b"#!"):
        interpreter = head[2:].split(b"\n", 1)[0].decode(errors="surrogateescape").split(None, 1)
    spec = find_command(posixpath.basename(interpreter[0])) if interpreter else None
    if spec is None or not state.files.exists(interpreter[0] if "/" in interpreter[0] else "/system/bin/sh"):
        raise NotRunnable(f"{argv[0]}: can't execute: No such file or directory", 126)
    return Program(spec.load(), (*interpreter, path, *argv[1:]))


async def run_program(
    state: State,
    program: Program,
    *,
    process: Process,
    env: Mapping[str, str],
    stdin: Reader | None = None,
    stdout: Writer | None = None,
) -> int:
    """Run in the caller's task as `process`, which ends with it; its exit status."""
    closed = Descriptor()
    context = Context(
        device=state.device,
        argv=program.argv,
        env=env,
        cwd=state.cwd,
        uid=process.uid,
        process=process,
        stdin=stdin or state.fds.get(0, closed),
        stdout=stdout or state.fds.get(1, closed),
        stderr=state.fds.get(2, closed),
        fds=state.inherited(),
        umask=state.umask,
        launch=_Launch(state, process, env),
    )
    status = 1
    try:
        status = await program.command(context)
    except CommandFault as fault:
        status = await context.fail(str(fault), fault.status)
    except HelpWanted as wanted:
        status = 0
        await context.out(str(wanted))
    except BrokenPipeError:
        status = SIGPIPE_STATUS
    except OSError as error:
        status = await context.fail(reason(error))
    except asyncio.CancelledError:
        status = status_if_killed(process)
    finally:
        process.finish(status)
    return status


async def run_child(state: State, argv: Sequence[str]) -> int:
    """Find a program, run it as a child of the shell's, and wait for it. Raises NotRunnable."""
    program = find_program(state, argv)
    child = spawn(state, argv, parent=state.process)
    status = await run_program(state, program, process=child, env=state.variables.exported())
    if child.killed_by is not None:
        await tell_death(state, status)
    return status


def status_if_killed(process: Process) -> int:
    """Called in a cancelled task: the status of a child that a signal ended; goes on if it was not the child."""
    task = asyncio.current_task()
    if process.killed_by is None or task is None:
        raise asyncio.CancelledError
    task.uncancel()
    return 128 + process.killed_by


async def tell_death(state: State, status: int) -> None:
    """A shell says on stderr how a child that it waited for was killed."""
    if (text := DEATHS.get(status - 128)) and 2 in state.fds:
        with contextlib.suppress(OSError):
            await state.fds[2].write(f"{text} \n".encode())


@dataclass(frozen=True, slots=True)
class _Launch:
    """How a command runs further programs: as its children, with its descriptors and directory."""

    state: State
    parent: Process
    env: Mapping[str, str]

    async def __call__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: Reader | None = None,
        stdout: Writer | None = None,
    ) -> int:
        try:
            program = find_program(self.state, argv)
        except NotRunnable as fault:
            return fault.status
        process = spawn(self.state, argv, parent=self.parent)
        env = self.env if env is None else env
        return await run_program(self.state, program, process=process, env=env, stdin=stdin, stdout=stdout)


def spawn(state: State, argv: Sequence[str], *, parent: Process) -> Process:
    """A child whose code runs in the current task."""
    process = state.device.processes.spawn(argv[0], parent.uid, parent.pid, argv=tuple(argv))
    process.task = asyncio.current_task()
    return process
