"""Memory of the process that emulates."""

from __future__ import annotations

import subprocess
import sys

import pytest

THREADS = """
import ctypes, threading
from framework.virtual.memory import share_one_arena
{first}
libc, meet = ctypes.CDLL(None), threading.Barrier(8)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]

def allocate():
    meet.wait()
    libc.malloc(4096)  # without the interpreter: ctypes lets go of it
    meet.wait()

threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.fdopen.restype = ctypes.c_void_p
stream = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, stream)
libc.fflush(stream)
"""


@pytest.mark.parametrize(("first", "one"), [("share_one_arena()", True), ("", False)], ids=["shared", "as it is"])
def test_threads_take_memory_from_one_place(first: str, one: bool) -> None:
    """glibc itself tells of one heap; without it, of several."""
    script = THREADS.format(first=first)
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True).stdout
    assert (told.count("<heap nr=") == 1) == one, told
