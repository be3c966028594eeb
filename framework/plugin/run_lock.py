"""Who is writing a run's folder: locks that the kernel takes back from a process however it ends.

The controller holds one alone; its workers hold another one together, for they outlive a killed controller by a moment.
"""

from __future__ import annotations

import fcntl
import getpass
import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from framework.journal.places import LOCK

WORKERS = ".workers"
"""A file that the workers of a run have locked together."""

GONE_WITHIN_S = 15.0
AGAIN_S = 0.05


class HeldError(Exception):
    """Somebody else has it; the text says who."""


def hold(folder: Path) -> BinaryIO:
    """The open lock of a run's folder: as long as it is not closed, the folder is neither removed nor continued.

    HeldError where another process has it.
    """
    lock = _opened(folder / LOCK)
    with suppress(OSError):  # a file system without locks: the newest runs stay all the same
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = lock.read().decode(errors="replace").strip()
            lock.close()
            raise HeldError(who or "another process") from None
    lock.truncate(0)
    lock.write(f"pid {os.getpid()}, {getpass.getuser()}@{socket.gethostname()}\n".encode())
    return lock


def join(folder: Path) -> BinaryIO:
    """Held by a worker until it ends; the file is to be kept open."""
    lock = _opened(folder / WORKERS)
    with suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def await_workers(folder: Path, within_s: float = GONE_WITHIN_S) -> None:
    """Until no worker of a run that was killed is left; HeldError where that takes too long."""
    deadline = time.monotonic() + within_s
    with _opened(folder / WORKERS) as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise HeldError("workers whose controller is gone") from None
                time.sleep(AGAIN_S)
                continue
            except OSError:
                return
            return


def _opened(path: Path) -> BinaryIO:
    """Open to be read and written, unchanged, unbuffered."""
    return open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644), "r+b", buffering=0)
