"""How fast are 200 MB in a virtual handset: by the adb binary, and by the farm's own push over both transports?

`push.py [MEGABYTES] [ROUNDS]`, all ways in turn in each round, through one adb server of our own (adb 36 of adbutils);
adb with its compression (as it pushes by default) and without. The same file back, too. What lies on the
handset is checked by sha256 after each push, what came back after each pull. Last line: one line of JSON: medians in
MB/s (10**6 bytes), the farm's in relation to the faster of adb's two ways, and the growth of the handset's peak memory
in MB. `holds`: at least 0.8 through the server and 0.5 straight.
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
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import adbutils

from framework.contract.capabilities import Target
from framework.handset.adb_server import connect_handset
from framework.handset.handset import OpenHandset, open_handset
from framework.handset.own_server import own_server
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

BUNDLED_ADB = str(Path(adbutils.__file__).parent / "binaries/adb")
REMOTE = "/data/local/tmp/push.bin"
ADB_S = 300
LEAST = {"server": 0.8, "straight": 0.5}
"""Way → what the farm must reach of adb's speed."""

Work = Callable[[], object]


def main(megabytes: int = 200, rounds: int = 7) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        handsets = stack.enter_context(virtual_handsets([VirtualRequest("push", "xiaomi-mix-fold-3")]))
        serial, handset_pid = handsets.endpoint("push").adb, only_child_named("framework.virtual.host")
        server = stack.enter_context(own_server(BUNDLED_ADB, usb=False))
        connect_handset("push", server, serial)
        straight = stack.enter_context(open_handset(Target("push", adbd=serial)))
        through = stack.enter_context(open_handset(Target("push", serial=serial, adb_server=server)))
        source, back = folder / "source", folder / "back"
        source.write_bytes(os.urandom(megabytes * 10**6))
        adb = (BUNDLED_ADB, "-L", f"tcp:{server}", "-s", serial)
        before = peak_mb(handset_pid)
        pushes, pulls = ways(adb, through, straight, source, back)
        figures: dict[str, object] = {"benchmark": "push", "megabytes": megabytes, "rounds": rounds}
        figures |= rates("push", pushes, megabytes, rounds, lambda: straight.files.sha256(REMOTE), digest(source))
        figures |= rates("pull", pulls, megabytes, rounds, lambda: digest(back), digest(source))
        figures["peak_growth_mb"] = round(peak_mb(handset_pid) - before, 1)
    figures["holds"] = all(float(str(figures[f"push_{way}_ratio"])) >= least for way, least in LEAST.items())
    print(json.dumps(figures))


def ways(
    adb: tuple[str, ...], through: OpenHandset, straight: OpenHandset, source: Path, back: Path
) -> tuple[dict[str, Work], dict[str, Work]]:
    """Pushes and pulls, by name."""
    pushes: dict[str, Work] = {
        "adb": lambda: run(*adb, "push", str(source), REMOTE),
        "adb_plain": lambda: run(*adb, "push", "-Z", str(source), REMOTE),
        "server": lambda: through.files.push(source, REMOTE),
        "straight": lambda: straight.files.push(source, REMOTE),
    }
    pulls: dict[str, Work] = {
        "adb": lambda: run(*adb, "pull", REMOTE, str(back)),
        "adb_plain": lambda: run(*adb, "pull", "-Z", REMOTE, str(back)),
        "server": lambda: through.files.pull(REMOTE, back),
        "straight": lambda: straight.files.pull(REMOTE, back),
    }
    return pushes, pulls


def rates(
    what: str, work: Mapping[str, Work], megabytes: int, rounds: int, arrived: Callable[[], str | None], sent: str
) -> dict[str, float]:
    """Every way once a round, each round begun by another; what arrived must be what was sent."""
    names = list(work)
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            found[name].append(megabytes / seconds(work[name]))
            assert arrived() == sent, f"{what} by {name}: what arrived is not what was sent"
        print(f"round {number + 1}: {what} " + ", ".join(f"{name} {found[name][-1]:.0f} MB/s" for name in names))
    medians = {name: statistics.median(found[name]) for name in names}
    best = max(medians["adb"], medians["adb_plain"])
    ratios = {f"{what}_{name}_ratio": round(medians[name] / best, 2) for name in LEAST}
    return {f"{what}_{name}_mb_s": round(median, 1) for name, median in medians.items()} | ratios


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=ADB_S)


def seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def only_child_named(module: str) -> int:
    """The process id of our child that runs `module`."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    [pid] = [int(pid) for pid in children if module in Path(f"/proc/{pid}/cmdline").read_text()]
    return pid


def peak_mb(pid: int) -> float:
    """VmHWM of a process."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) / 1000


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
