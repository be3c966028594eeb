"""An adb server of our own: on its own port, and gone with us, however we end.

Handsets on USB can be held by one adb server only: use this where no other server runs, or for handsets on TCP.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from framework.contract.errors import HandsetError
from framework.handset import supervisor
from framework.handset.connection import Deadline
from framework.handset.server import connect

_NAME = "our adb server"
_ATTEMPTS = 3
"""Another program may take the free port before the server does."""
_POLL_S = 0.02


@contextmanager
def own_server(adb: str | None = None, *, timeout_s: float = 10) -> Iterator[str]:
    """Run `adb nodaemon server` (default: adb of the PATH, else the one that adbutils brings); yields HOST:PORT."""
    program = adb or _adb_path()
    process, address = _start(program, timeout_s)
    try:
        yield address
    finally:
        supervisor.stop(process)


def _adb_path() -> str:
    from adbutils import adb_path

    return str(adb_path())


def _start(program: str, timeout_s: float) -> tuple[subprocess.Popen[bytes], str]:
    deadline = Deadline(timeout_s, _NAME, "starting")
    for _ in range(_ATTEMPTS):
        port = _free_port()
        process = _spawn(program, port)
        try:
            if _answers(process, port, deadline):
                return process, f"127.0.0.1:{port}"
        except BaseException:
            supervisor.stop(process)
            raise
    raise HandsetError(_NAME, f"{program} ended at once", f"try `{program} nodaemon server` by hand")


def _spawn(program: str, port: int) -> subprocess.Popen[bytes]:
    return supervisor.spawn([program, "-L", f"tcp:localhost:{port}", "nodaemon", "server"])


def _answers(process: subprocess.Popen[bytes], port: int, deadline: Deadline) -> bool:
    """Wait until the server takes connections; False when it ended instead."""
    while process.poll() is None:
        try:
            connect(_NAME, "127.0.0.1", port, deadline.remaining()).conn.close()
        except HandsetError:
            time.sleep(min(_POLL_S, deadline.remaining()))
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
