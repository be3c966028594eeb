"""Runs one program that must not outlive its owner: `python supervisor.py PROGRAM [ARGUMENT…]`.

The owner holds the other end of this process's standard input. However the owner dies, that end is closed by the
kernel, and the program is ended; it is also ended, by the kernel, when this process itself is killed. Uses the
standard library alone, so that it starts in a few milliseconds with `python -I -S`.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys

_PR_SET_PDEATHSIG = 1
_GRACE_S = 2.0


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def supervise(command: list[str]) -> int:
    """Exit status of the program, or that of its end when the owner went away."""
    program = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with_parent,  # safe: this process has one thread
    )
    ended = os.pidfd_open(program.pid)
    readable, _, _ = select.select([0, ended], [], [])
    if ended not in readable:
        program.terminate()
        try:
            program.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            program.kill()
    return program.wait()


if __name__ == "__main__":
    sys.exit(supervise(sys.argv[1:]))
