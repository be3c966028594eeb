"""What a run has left behind: on a handset, and in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from framework.contract.capabilities import Handset


def left_on(handset: Handset) -> list[str]:
    """Its lease, and what runs there for somebody who came through adb, but for our own question."""
    holder = handset.holder()
    rows = handset.shell.run("ps", "-A", "-o", "USER,PID,NAME").text.splitlines()
    mine = [row.split() for row in rows if row.startswith("shell ")]
    running = [
        f"process {row[1]} {row[2]}" for row in mine if row[2] not in ("adbd", "ps", "sh") and "adbd" not in row[2]
    ]
    shells = [row for row in mine if row[2] == "sh"]
    running += [f"{len(shells)} shells"] if len(shells) > 1 else []
    return [*([f"leased by {holder.who}"] if holder is not None else []), *running]


@contextmanager
def nothing_left(left: list[str]) -> Iterator[None]:
    """Threads, children and sockets of this process are as many as before."""
    before = _children(), _sockets(), threading.active_count()
    yield
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        found = [f"child {pid}" for pid in _children() - before[0]]
        found += [f"socket {each}" for each in sorted(_sockets() - before[1])]
        found += [f"{threading.active_count() - before[2]} threads"] if threading.active_count() > before[2] else []
        if not found:
            return
        time.sleep(0.2)
    left += found


def _children() -> set[str]:
    """Process ids of the children of this process, whichever thread started them."""
    files = Path("/proc/self/task").glob("*/children")
    return {pid for file in files for pid in file.read_text().split()}


def _sockets() -> set[str]:
    """Inodes of the open sockets with what /proc/net/tcp says of them (local, remote, state), in hexadecimal."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    known = {row[9]: " ".join(row[1:4]) for row in rows}
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            target = str(entry.readlink())
            if target.startswith("socket:"):
                found.add(f"{target} {known.get(target[8:-1], '')}")
    return found
