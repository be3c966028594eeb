"""How fast does the real adb push to a virtual handset and pull from it, and does the handset's memory stay flat?

`wire.py [MEGABYTES] [ROUNDS]`, with the adb that adbutils brings, through an adb server of our own.
Last line: one line of JSON: medians in MB/s (10**6 bytes) and the growth of the handset's peak memory in MB.
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import adbutils

from framework.handset.own_server import own_server
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUNDLED_ADB = str(Path(adbutils.__file__).parent / "binaries/adb")
REMOTE = "/data/local/tmp/wire.bin"


def main(megabytes: int = 200, rounds: int = 5) -> None:
    request = VirtualRequest("wire", "xiaomi-mix-fold-3")
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_handsets([request]) as handsets,
        own_server(BUNDLED_ADB) as server,
    ):
        serial, handset_pid = handsets.endpoint("wire").adb, _only_child_named("framework.virtual.host")
        adb = [BUNDLED_ADB, "-L", f"tcp:{server}", "-s", serial]
        subprocess.run([*adb[:3], "connect", serial], check=True, capture_output=True)
        source, back = Path(folder, "source"), Path(folder, "back")
        source.write_bytes(os.urandom(megabytes * 10**6))
        before = _peak_mb(handset_pid)
        pushes, pulls = [], []
        for number in range(rounds):
            pushes.append(megabytes / _seconds([*adb, "push", str(source), REMOTE]))
            pulls.append(megabytes / _seconds([*adb, "pull", REMOTE, str(back)]))
            assert _digest(back) == _digest(source), "what came back is not what was sent"
            print(f"round {number + 1}: push {pushes[-1]:.0f} MB/s, pull {pulls[-1]:.0f} MB/s")
        figures = {
            "benchmark": "wire",
            "megabytes": megabytes,
            "rounds": rounds,
            "push_mb_s": round(statistics.median(pushes), 1),
            "pull_mb_s": round(statistics.median(pulls), 1),
            "peak_growth_mb": round(_peak_mb(handset_pid) - before, 1),
        }
    print(json.dumps(figures))


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _only_child_named(module: str) -> int:
    """The process id of our child that runs `module`."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    [pid] = [int(pid) for pid in children if module in Path(f"/proc/{pid}/cmdline").read_text()]
    return pid


def _peak_mb(pid: int) -> float:
    """VmHWM of a process."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) / 1000


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
