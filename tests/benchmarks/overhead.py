"""What sampling costs: the handset's CPU, the host's CPU, and whether twenty handsets at once are sampled without gaps.

    python tests/benchmarks/overhead.py [HANDSETS] [SECONDS]

Three measurements, each against its limit:

- on the handset: the sampling loop under the real mksh on this machine's own /proc, beside a process of 40 threads,
  gives the shell's CPU time (a core of a flagship's is about as fast as one of a server: `slower_allowed` tells how
  much slower it may be). The dumps that it starts and the bytes that it prints are counted on a virtual handset at
  speed 1, and cost what is assumed in DUMP_MS and WIRE_MS_PER_MB.
- on the host: CPU time of this process while it records HANDSETS virtual handsets (which live in other processes).
- gaps: the longest time between two readings of a probe, on the handset's clock, in periods of that probe.

Last line: one line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from framework.contract.capabilities import Target
from framework.contract.errors import DeadlineError
from framework.contract.trace import TracePiece
from framework.handset.handset import OpenHandset, open_handset
from framework.trace.loop import loop_script, period_s
from framework.trace.probes import PROBES
from framework.trace.probes.probe import Probe
from framework.trace.recorder import Offer, Recorder, ask_offer
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

PACKAGE = "com.miui.home"
PROFILE = "xiaomi-mix-fold-3"
LIMIT_MS = 10.0
"""1 % of a core: CPU milliseconds a second."""

LIMIT_PERIODS = 2.0
DUMP_MS = 10.0
"""Assumed CPU time of one `dumpsys SERVICE`: fork, exec, linking, the binder call and the service's own work."""

WIRE_MS_PER_MB = 25.0
"""Assumed CPU time of adbd for what is printed: `adb pull` of 40 MB/s keeps about one core busy."""

THREADS = 40
SHELL_S = 20.0
COUNT_S = 20.0
WARM_UP_S = 3.0
IRREGULAR = ("frames", "surface")
"""Their samples are frames, not readings."""


@dataclass
class Device:
    """CPU milliseconds a second on the handset, with what they are made of."""

    shell_ms: float | None
    dumps_per_s: float
    bytes_per_s: float

    @property
    def assumed_ms(self) -> float:
        return self.dumps_per_s * DUMP_MS + self.bytes_per_s / 1e6 * WIRE_MS_PER_MB

    @property
    def slower_allowed(self) -> float | None:
        return None if self.shell_ms is None else (LIMIT_MS - self.assumed_ms) / self.shell_ms


@dataclass
class Readings:
    """When each probe was read on one handset; filled by the recorder."""

    times: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    slipped_ms: float = 0.0

    def keep(self, piece: TracePiece) -> None:
        for sample in piece.samples:
            self.times[sample.probe].add(sample.device_ns)
            self.slipped_ms = max(self.slipped_ms, sample.values.get("emulator_slipped_ms", 0.0))

    def longest(self, probe: Probe) -> float:
        """The longest gap in periods of the probe."""
        gaps = [later - earlier for earlier, later in pairwise(sorted(self.times[probe.name]))]
        return max(gaps, default=0) / 1e9 / period_s(probe, 1)


# -- the handset -----------------------------------------------------------------------------------------------------


def shell_ms(probes: Sequence[Probe]) -> float | None:
    """CPU milliseconds a second of the real mksh with the probes that start no program; None without mksh."""
    shell = shutil.which("mksh")
    if shell is None:
        return None
    with process_of_threads() as pid:
        script = loop_script([probe for probe in probes if not probe.commands], PACKAGE)
        found = f"find_process() {{ pid={pid}; }}\nread -r boot"
        before = _children_s()
        loop = subprocess.Popen(
            [shell, "-c", script.replace("read -r boot", found, 1)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        time.sleep(SHELL_S)
        assert loop.stdin is not None
        loop.stdin.close()
        loop.wait(10)
        return (_children_s() - before) / SHELL_S * 1000


@contextmanager
def process_of_threads() -> Iterator[int]:
    program = (
        "import threading, time\n"
        f"for _ in range({THREADS}): threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
        "print(flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        process.stdout.readline()
        yield process.pid
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def count(handset: OpenHandset, offer: Offer) -> tuple[float, float]:
    """Programs started and bytes printed a second by the loop on a handset."""
    marks: Counter[str] = Counter()
    printed = 0
    with handset.shell.stream(loop_script(offer.probes, PACKAGE, handset.time_scale)) as stream:
        ends = time.monotonic() + COUNT_S
        while (left := ends - time.monotonic()) > 0:
            try:
                line = stream.read_line(left)
            except DeadlineError:
                break
            assert line is not None
            printed += len(line.encode()) + 1
            marks[line.split(" ")[0]] += line.startswith("@")
    started = sum(marks[f"@{probe.name}"] * probe.commands for probe in offer.probes)
    return started / COUNT_S, printed / COUNT_S


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# -- the host --------------------------------------------------------------------------------------------------------


def record(handsets: Sequence[OpenHandset], offer: Offer, seconds: float) -> tuple[float, list[Readings]]:
    """CPU milliseconds a second for each handset, and when each was read."""
    readings = [Readings() for _ in handsets]
    with ExitStack() as stack:
        for handset, each in zip(handsets, readings, strict=True):
            recorder = stack.enter_context(Recorder(handset, PACKAGE, offer=offer))
            recorder.grow(each.keep)
        time.sleep(WARM_UP_S)
        used, began = time.process_time(), time.monotonic()
        time.sleep(seconds)
        spent = (time.process_time() - used) / (time.monotonic() - began)
    return spent * 1000 / len(handsets), readings


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 25.0
    names = [f"overhead-{each}" for each in range(number)]
    with ExitStack() as stack:
        half = (number + 1) // 2
        hosts = [
            stack.enter_context(virtual_handsets([VirtualRequest(name, PROFILE) for name in some]))
            for some in (names[:half], names[half:])
            if some
        ]
        endpoints = [endpoint for host in hosts for endpoint in host.endpoints()]
        handsets = [stack.enter_context(open_handset(Target(each.name, adbd=each.adb))) for each in endpoints]
        for handset in handsets:
            handset.shell.script(f"until pidof {PACKAGE}; do sleep 1; done", timeout_s=60)
        offer = ask_offer(handsets[0], PACKAGE)
        dumps_per_s, bytes_per_s = count(handsets[0], offer)
        host_ms, readings = record(handsets, offer, seconds)
    tell(Device(shell_ms(PROBES), dumps_per_s, bytes_per_s), host_ms, readings, offer)


def tell(device: Device, host_ms: float, readings: Sequence[Readings], offer: Offer) -> None:
    total_ms = None if device.shell_ms is None else device.shell_ms + device.assumed_ms
    counted = f"{device.dumps_per_s:.2f} dumps/s, {device.bytes_per_s / 1000:.1f} kB/s"
    print(f"probes    {' '.join(probe.name for probe in offer.probes)}")
    print(f"handset   {counted}: {device.assumed_ms:.2f} ms/s assumed")
    print("          the shell: mksh is not on this machine" if total_ms is None else _shell_line(device, total_ms))
    print(f"host      {host_ms:.2f} ms/s for each of {len(readings)} handsets, limit {LIMIT_MS:g}")
    regular = [probe for probe in offer.probes if probe.name not in IRREGULAR and readings[0].times[probe.name]]
    worst = {probe.name: max(each.longest(probe) for each in readings) for probe in regular}
    print(f"gaps      {', '.join(f'{name} {gap:.2f}' for name, gap in worst.items())} periods, limit {LIMIT_PERIODS:g}")
    slipped_ms = max(each.slipped_ms for each in readings)
    print(f"machine   load {os.getloadavg()[0]:.1f}; the emulator gave up at most {slipped_ms:.0f} ms of device time")
    summary = {
        "handset_ms_per_s": total_ms,
        "slower_allowed": device.slower_allowed,
        "dumps_per_s": device.dumps_per_s,
        "bytes_per_s": device.bytes_per_s,
        "host_ms_per_s": host_ms,
        "longest_gap_periods": max(worst.values()),
        "slipped_ms": slipped_ms,
        "holds": (total_ms or 0) <= LIMIT_MS and host_ms <= LIMIT_MS and max(worst.values()) <= LIMIT_PERIODS,
    }
    print(json.dumps(summary))


def _shell_line(device: Device, total_ms: float) -> str:
    shell = f"the shell {device.shell_ms:.2f} ms/s measured: {total_ms:.2f} in all, limit {LIMIT_MS:g}"
    return f"          {shell}; holds on a core {device.slower_allowed:.1f} times slower than this one"


if __name__ == "__main__":
    main()
