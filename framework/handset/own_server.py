"""An adb server of our own: on its own port, and gone with us, however we end.

Handsets on USB can be held by one adb server only: use this where no other server runs, or for handsets on TCP.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from framework.contract.errors import HandsetError
from framework.handset.adb_binary import bundled
from framework.handset.adb_server import connect
from framework.handset.connection import Deadline
from framework.handset.loopback import ATTEMPTS, LOOPBACK, free_port
from framework.tools import supervisor

_NAME = "our adb server"
_POLL_S = 0.02
_ALONE = {"ADB_REJECT_KILL_SERVER": "1"}
"""It is ours to end, whatever another adb program thinks of its version."""
_ONLY_TOLD = {"ADB_USB": "0", "ADB_EMU": "0", "ADB_MDNS": "0"}


@contextmanager
def own_server(adb: str | None = None, *, usb: bool = True, timeout_s: float = 10) -> Iterator[str]:
    """Run `adb nodaemon server` (default: the adb that adbutils brings); yields HOST:PORT.

    Without `usb` it leaves what is plugged in, and emulators, to others, and has only what it is told to connect to.
    """
    process, address = _start(adb or str(bundled()), os.environ | _ALONE | ({} if usb else _ONLY_TOLD), timeout_s)
    try:
        yield address
    finally:
        supervisor.stop(process)


def _start(program: str, environment: Mapping[str, str], timeout_s: float) -> tuple[subprocess.Popen[bytes], str]:
    deadline = Deadline(timeout_s, _NAME, "starting")
    for _ in range(ATTEMPTS):
        port = free_port()
        command = [program, "-L", f"tcp:localhost:{port}", "nodaemon", "server"]
        process = supervisor.spawn(command, env=environment)
        try:
            if _answers(process, port, deadline):
                return process, f"{LOOPBACK}:{port}"
        except BaseException:
            supervisor.stop(process)
            raise
    raise HandsetError(_NAME, f"{program} ended at once", f"try `{program} nodaemon server` by hand")


def _answers(process: subprocess.Popen[bytes], port: int, deadline: Deadline) -> bool:
    """Wait until the server takes connections; False when it ended instead."""
    while process.poll() is None:
        try:
            connect(_NAME, LOOPBACK, port, deadline.remaining()).conn.close()
        except HandsetError:
            time.sleep(min(_POLL_S, deadline.remaining()))
        else:
            return True
    return False
