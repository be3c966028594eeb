"""Whether a process that holds a lease is dead, as others of its machine see it."""

from __future__ import annotations

import os
import subprocess
import sys

from framework.handset.process import is_dead, this_process


def test_a_process_lives_until_it_has_ended() -> None:
    """Killed and not yet waited for, it is dead already; so is one whose number another has by now."""
    script = "from framework.handset.process import this_process; print(this_process(), flush=True); input()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", script], env=environment, **pipes) as other:  # type: ignore[call-overload]
        told = other.stdout.readline().strip()
        assert not is_dead(told)
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert is_dead(told)
    assert is_dead(told)
    place, _, _ = this_process().rpartition(" ")
    assert is_dead(f"{place} 1")
    assert not is_dead(this_process())


def test_what_cannot_be_told() -> None:
    """A process of another machine, or of none, counts as alive."""
    machine, number, began = this_process().rsplit(" ", 2)
    assert not is_dead(f"elsewhere {number} 1")
    assert not is_dead(f"{machine} x {began}")
    assert not is_dead("")
