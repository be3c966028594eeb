"""Command substitution: `$(…)` runs a subshell for what it prints, `$(<file)` only reads."""

from __future__ import annotations

import asyncio
from typing import Protocol

from framework.virtual.commands.context import to_text
from framework.virtual.shell.redirect import RedirectFault, open_path
from framework.virtual.shell.state import State
from framework.virtual.shell.syntax import Script
from framework.virtual.system.descriptors import Descriptor
from framework.virtual.system.pipes import BytesWriter


class Shell(Protocol):
    """`substituted` is set to the status of the last substitution."""

    state: State
    substituted: int | None

    def fork(self) -> Shell: ...

    async def run_in_parent(self, script: Script) -> int: ...

    async def warn(self, message: str) -> None: ...


async def capture(shell: Shell, script: Script) -> str:
    """What the script prints until nobody holds its stdout any more, not even a job in the background."""
    child = shell.fork()
    output = BytesWriter()
    closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    child.state.fds.pop(1, Descriptor()).close()
    child.state.fds[1] = Descriptor(writer=output, release=lambda: closed.set_result(None))
    shell.substituted = await child.run_in_parent(script)
    if not closed.done():
        await closed
    return _without_end(bytes(output.data))


async def read_file(shell: Shell, name: str) -> str:
    try:
        descriptor = open_path(shell.state, name, "<")
    except RedirectFault as fault:
        await shell.warn(str(fault))
        shell.substituted = 1
        return ""
    shell.substituted = 0
    data = b""
    while chunk := await descriptor.read():
        data += chunk
    descriptor.close()
    return _without_end(data)


def _without_end(data: bytes) -> str:
    """As text, without NUL bytes and without the newlines at its end."""
    return to_text(data.replace(b"\0", b"")).rstrip("\n")
