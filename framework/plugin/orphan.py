"""A worker that ends with its controller, also when that was killed and could say nothing."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import threading

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """End this process at once when its parent is gone.

    The kernel does it when the parent's thread that started us is gone (prctl(2)), whatever we are at: a thread of ours
    would have to wait for code that holds the interpreter. It looks all the same (pidfd_open(2), Linux 5.3 and later),
    for a parent that was gone before we asked.
    """
    parent = os.pidfd_open(os.getppid())
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_await_end, args=(parent,), name="parent", daemon=True).start()


def _await_end(process: int) -> None:
    select.select([process], [], [])
    os._exit(1)
