"""A shell for somebody outside the handset: what adbd starts for `adb shell`."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from framework.virtual.commands.context import Context
from framework.virtual.shell.interpreter import Interpreter
from framework.virtual.shell.jobs import run_in_task
from framework.virtual.shell.parser import parse
from framework.virtual.shell.program import Call, new_state
from framework.virtual.shell.programs import DEFAULT_PATH
from framework.virtual.system.descriptors import Descriptor
from framework.virtual.system.users import SHELL, user_name

if TYPE_CHECKING:
    from framework.virtual.device import Device
    from framework.virtual.system.pipes import Reader, Writer
    from framework.virtual.system.processes import Process
    from framework.virtual.system.terminal import Terminal

PROGRAM = "/system/bin/sh"


async def execute(
    device: Device,
    script: str,
    *,
    stdin: Reader,
    stdout: Writer,
    stderr: Writer,
    uid: int = SHELL,
    environment: Mapping[str, str] = MappingProxyType({}),
    terminal: Terminal | None = None,
) -> int:
    """Run `sh -c script` as `uid`, with `environment` beside what adbd gives every shell; its exit status.

    Returns when the script has ended and nothing in its background holds stdout or stderr. Cancelling the call is
    the client hanging up: whatever still runs for it gets SIGHUP, and is not waited for.

    At a terminal, which the three streams then are, the script's end is the end, and what runs in the background
    outlives it, as it does a client that hangs up.
    """
    process = device.processes.spawn(PROGRAM, uid, argv=(PROGRAM, "-c", script))
    process.session = process.pid
    released: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    pass_by = partial(device.freezer.pass_by, uid)
    streams = _Streams(stdin, _Held(stdout, pass_by), _Held(stderr, pass_by), released, terminal)
    shell = _login_shell(device, process, streams.fds, {**login_environment(device, uid), **environment})
    streams.hand_over()
    if terminal is not None:
        terminal.on_signal = partial(signal_session, device, process.session, foreground=True)
    task = run_in_task(shell, parse(script))
    try:
        await asyncio.wait((task,))
        if terminal is None:
            await released
    except asyncio.CancelledError:
        signal_session(device, process.session, signal.SIGHUP, foreground=terminal is not None)
        raise
    finally:
        if terminal is not None:
            terminal.hang_up()
    return await process.wait() if task.cancelled() else task.result()


def _login_shell(
    device: Device, process: Process, fds: Mapping[int, Descriptor], env: Mapping[str, str]
) -> Interpreter:
    stdin, stdout, stderr = (fds[number] for number in range(3))
    context = Context(
        device=device,
        argv=process.argv,
        env=env,
        cwd="/",
        uid=process.uid,
        process=process,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        fds=fds,
    )
    return Interpreter(new_state(context, Call(name=PROGRAM)))


def signal_session(device: Device, session: int, number: int, *, foreground: bool) -> None:
    """A signal for every process of a session, or for those in the foreground of its terminal."""
    for process in device.processes.all():
        if process.session == session and not (foreground and process.background):
            process.signal(number)


def login_environment(device: Device, uid: int) -> dict[str, str]:
    """The variables that adbd gives a shell."""
    name = user_name(uid)
    return {
        "ANDROID_ASSETS": "/system/app",
        "ANDROID_BOOTLOGO": "1",
        "ANDROID_DATA": "/data",
        "ANDROID_ROOT": "/system",
        "ANDROID_STORAGE": "/storage",
        "EXTERNAL_STORAGE": "/sdcard",
        "HOME": "/",
        "HOSTNAME": device.properties.get("ro.product.device", "localhost"),
        "LOGNAME": name,
        "PATH": DEFAULT_PATH,
        "SHELL": PROGRAM,
        "TERM": "xterm",
        "TMPDIR": "/data/local/tmp",
        "USER": name,
    }


class _Held:
    """A Writer of processes that may be frozen: then what they write comes when they are thawed."""

    def __init__(self, writer: Writer, pass_by: Callable[[], Awaitable[None]]) -> None:
        self._writer = writer
        self._pass_by = pass_by

    async def write(self, data: bytes, /) -> None:
        await self._pass_by()
        await self._writer.write(data)


class _Streams:
    """The three standard descriptors; `released` is done when nobody in the handset can write any more."""

    def __init__(
        self,
        stdin: Reader,
        stdout: Writer,
        stderr: Writer,
        released: asyncio.Future[None],
        terminal: Terminal | None,
    ) -> None:
        self._open = 2
        self._released = released
        self.fds = {
            0: Descriptor(reader=stdin, terminal=terminal),
            1: Descriptor(writer=stdout, release=self._one_closed, terminal=terminal),
            2: Descriptor(writer=stderr, release=self._one_closed, terminal=terminal),
        }

    def hand_over(self) -> None:
        """The shell has its own references now."""
        for descriptor in self.fds.values():
            descriptor.close()

    def _one_closed(self) -> None:
        self._open -= 1
        if not self._open and not self._released.done():
            self._released.set_result(None)
