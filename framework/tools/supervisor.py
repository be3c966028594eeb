"""Runs one program that must not outlive its owner: `python supervisor.py GRACE_S PROGRAM [ARGUMENT…]`.

The owner holds the other end of this process's standard input. However the owner dies, that end is closed by the
kernel, and the program is ended: asked to, and after `GRACE_S` seconds killed with what it has started. It is also
ended, by the kernel, when this process itself is killed. Uses the standard library alone, so that it starts in a few
milliseconds with `python -I -S`.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

GRACE_S = 2.0
_PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str],
    *,
    grace_s: float = GRACE_S,
    output: IO[Any] | int = subprocess.DEVNULL,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a supervisor with its program, in a session of its own: Ctrl+C is for us to handle, not for them."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(grace_s), *command],
        cwd=cwd,
        env=env,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Have the supervisor end its program, by closing the pipe, and wait until both are gone."""
    with process:
        assert process.stdin is not None
        process.stdin.close()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def supervise(command: list[str], grace_s: float) -> int:
    """Exit status of the program, or that of its end when the owner went away."""
    program = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=_die_with_parent,  # safe: this process has one thread
    )
    ended = os.pidfd_open(program.pid)
    readable, _, _ = select.select([0, ended], [], [])
    if ended not in readable:
        program.terminate()
        select.select([ended], [], [], grace_s)
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)  # not yet waited for: the number is still that of its group
    return program.wait()


if __name__ == "__main__":
    sys.exit(supervise(sys.argv[2:], float(sys.argv[1])))
