"""Pipelines and jobs in the background: the parts of a script that run beside each other, each as a process."""

from __future__ import annotations

import asyncio
import signal
from typing import Protocol

from framework.virtual.shell.state import ShellExit, State
from framework.virtual.shell.syntax import Command, Pipeline, Script
from framework.virtual.system.descriptors import Descriptor, of_file, pipe_ends
from framework.virtual.system.processes import Process


class Shell(Protocol):
    state: State
    lone: Command | None

    def fork(self) -> Shell: ...

    async def run(self, script: Script) -> int: ...

    async def run_in_parent(self, script: Script) -> int: ...


async def run_pipeline(shell: Shell, pipeline: Pipeline) -> int:
    """Every command in a subshell, the last one in this task; its status is the pipeline's."""
    started: list[Process] = []
    reading: Descriptor | None = None
    for command in pipeline.commands[:-1]:
        next_reading, writing = pipe_ends()
        child = shell.fork()
        _connect(child.state, reading, writing)
        started.append(launch(child, command))
        reading = next_reading
    last = shell.fork()
    _connect(last.state, reading, None)
    statuses = [await last.run_in_parent(Script((pipeline.commands[-1],)))]
    for process in reversed(started):
        statuses.append(await process.wait())
    if "pipefail" in shell.state.options:
        return next((status for status in statuses if status), 0)
    return statuses[0]


async def start(shell: Shell, command: Command) -> int:
    """`command &`: stdin is /dev/null unless the command says otherwise."""
    child = shell.fork()
    if shell.state.interactive:
        child.state.process.background = True
    else:  # without job control
        child.state.process.ignored |= {signal.SIGINT, signal.SIGQUIT}
        nothing = of_file(shell.state.files.open("/dev/null", uid=shell.state.process.uid))
        _connect(child.state, nothing, None)
    process = launch(child, command)
    shell.state.jobs.processes.append(process)
    shell.state.jobs.last = process
    return 0


def launch(shell: Shell, command: Command) -> Process:
    """Run a forked shell in a task of its own."""
    shell.lone = command
    run_in_task(shell, Script((command,)))
    return shell.state.process


def run_in_task(shell: Shell, script: Script) -> asyncio.Task[int]:
    """Begin the life of a shell process; even if it is killed before its first step, it ends properly."""
    state = shell.state
    task = asyncio.get_running_loop().create_task(run_process(shell, script))
    state.process.task = task
    task.add_done_callback(lambda _: _end(state))
    return task


def _end(state: State) -> None:
    state.close_fds()
    state.process.finish(128 + (state.process.killed_by or 0))


async def run_process(shell: Shell, script: Script) -> int:
    """The life of a shell process in its own task: its exit status, 128+n if signal n ended it."""
    process = shell.state.process
    status = 1
    try:
        status = await shell.run(script)
    except ShellExit as end:
        status = end.status
    except asyncio.CancelledError:
        if process.killed_by is None:
            raise
    finally:
        process.finish(status if process.killed_by is None else 128 + process.killed_by)
    return process.exit_status or 0


def _connect(state: State, stdin: Descriptor | None, stdout: Descriptor | None) -> None:
    for fd, descriptor in ((0, stdin), (1, stdout)):
        if descriptor is not None:
            state.fds.pop(fd, Descriptor()).close()
            state.fds[fd] = descriptor
