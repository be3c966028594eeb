"""Which process of which machine holds a lease, so that others there can tell that it is dead."""

from __future__ import annotations

import os
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_STARTED, _STATE = 19, 0
"""Places behind the name in /proc/PID/stat (proc(5): fields 22 and 3)."""


def this_process() -> str:
    """The machine since it was started, its name space of processes, this one's number and when it began.

    Empty on a machine without /proc.
    """
    try:
        return f"{_machine()} {os.getpid()} {_stat(os.getpid())[_STARTED]}"
    except OSError:
        return ""


def is_dead(process: str) -> bool:
    """Certainly: it was a process of this machine, and is none any more. False where that cannot be told."""
    try:
        machine, number, started = process.rsplit(" ", 2)
        if machine != _machine() or not number.isdecimal():
            return False
    except (OSError, ValueError):
        return False
    try:
        found = _stat(int(number))
    except (FileNotFoundError, ProcessLookupError):
        return True
    except OSError:
        return False
    return found[_STARTED] != started or found[_STATE] in "ZX"


def _machine() -> str:
    return f"{_BOOT_ID.read_text().strip()} {_NAMESPACE.readlink()}"


def _stat(number: int) -> list[str]:
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
