"""A worker does not outlive its controller."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

WORKER = """
import ctypes, os
from framework.plugin.orphan import end_with_parent
end_with_parent()
print(os.getpid(), flush=True)
ctypes.PyDLL(None).sleep(60)  # holds the interpreter
"""
CONTROLLER = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
WITHIN_S = 20.0


def test_it_ends_although_it_holds_the_interpreter() -> None:
    """Killed with -9 is the controller, while a worker is in code that lets no other thread of it run."""
    with subprocess.Popen([sys.executable, "-c", CONTROLLER, WORKER], stdout=subprocess.PIPE) as controller:
        assert controller.stdout is not None
        worker = int(controller.stdout.readline())
        time.sleep(0.1)  # it sleeps by now, or dies before it does
        controller.send_signal(signal.SIGKILL)
        ends = time.monotonic() + WITHIN_S
        while (alive := _is_alive(worker)) and time.monotonic() < ends:
            time.sleep(0.02)
        if alive:
            os.kill(worker, signal.SIGKILL)
    assert not alive


def _is_alive(pid: int) -> bool:
    """A zombie that nobody has waited for yet is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
