"""Many virtual handsets in one process, each with a client that streams its log and runs one command a second.

`many.py [HANDSETS] [SECONDS]` (100, 60). Each command logs a numbered line; `logcat` must bring every one, once, in
order. Memory is that of the handsets' process beyond one with a single handset, CPU what it used while the clients
were at work.

Last line: one line of JSON: MB and percent of a core per handset, the commands' median and 95th percentile in ms, lines
that were lost. `holds`: none lost or doubled, no command that failed, at most `MOST_MB` MB and `MOST_CPU` percent of a
core per handset, and 95 of 100 commands within a second.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from adb_client import Client, Stream, connected

from framework.contract.handsets import PROFILES
from framework.virtual.endpoints import VirtualEndpoint, VirtualRequest
from framework.virtual.launcher import virtual_handsets

MOST_MB, MOST_CPU, MOST_MS = 2.0, 1.0, 1000.0
LAST_LINES_S = 20
TAG, LAST = "Many", "last"
MEGABYTE = 1 << 20


@dataclass
class Seen:
    """What one client did and saw."""

    asked: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def lost(self) -> int:
        return len(set(self.asked) - set(self.lines))

    @property
    def wrong(self) -> int:
        """Lines that came twice, out of their order, or that nobody logged."""
        in_order = sorted(set(self.lines) & set(self.asked))
        return len(self.lines) - len(in_order) + sum(a != b for a, b in zip(self.lines, in_order, strict=False))


def main(handsets: int = 100, seconds: int = 60) -> None:
    alone_mb, _, _ = measure(1, 2)
    began = time.monotonic()
    memory_mb, cpu_s, seen = measure(handsets, seconds)
    figures = judged(seen, (memory_mb - alone_mb) / max(handsets - 1, 1), 100 * cpu_s / seconds / handsets)
    figures |= {"handsets": handsets, "seconds": seconds, "process_mb": round(memory_mb)}
    print(f"{handsets} handsets, {sum(len(each.asked) for each in seen)} commands in {time.monotonic() - began:.0f} s")
    print(f"{figures['handset_mb']} MB and {figures['handset_cpu_percent']} % of a core per handset")
    print(f"commands {figures['command_ms']} ms median, {figures['command_p95_ms']} ms p95, {figures['failed']} failed")
    print(f"lines: {figures['lines']} seen, {figures['lost']} lost, {figures['wrong']} wrong")
    print(json.dumps(figures))


def judged(seen: Sequence[Seen], handset_mb: float, handset_cpu: float) -> dict[str, object]:
    times = [taken for each in seen for taken in each.times_ms] or [0.0, 0.0]
    p95 = statistics.quantiles(times, n=20)[-1]
    lost, wrong = sum(each.lost for each in seen), sum(each.wrong for each in seen)
    failed, lines = sum(each.failed for each in seen), sum(len(each.lines) for each in seen)
    sound = not lost and not wrong and not failed and lines > 0
    return {
        "benchmark": "many",
        "handset_mb": round(handset_mb, 2),
        "handset_cpu_percent": round(handset_cpu, 2),
        "command_ms": round(statistics.median(times), 1),
        "command_p95_ms": round(p95, 1),
        "lines": lines,
        "lost": lost,
        "wrong": wrong,
        "failed": failed,
        "holds": sound and handset_mb <= MOST_MB and handset_cpu <= MOST_CPU and p95 <= MOST_MS,
    }


def measure(count: int, seconds: int) -> tuple[float, float, list[Seen]]:
    """Memory in MB of the handsets' process at the end, its CPU seconds meanwhile, and what the clients saw."""
    requests = [VirtualRequest(f"many-{i}", PROFILES[i % len(PROFILES)], seed=i) for i in range(count)]
    with virtual_handsets(requests) as started:
        endpoints = [started.endpoint(request.name, timeout_s=60 + count) for request in requests]
        before = _cpu_s(started.pid)
        seen = asyncio.run(_all(endpoints, seconds))
        return _resident_mb(started.pid), _cpu_s(started.pid) - before, seen


async def _all(endpoints: Sequence[VirtualEndpoint], seconds: int) -> list[Seen]:
    """Every client begins at another moment of the second."""
    count = len(endpoints)
    return await asyncio.gather(*(_one(each, seconds, at / count) for at, each in enumerate(endpoints)))


async def _one(endpoint: VirtualEndpoint, seconds: int, offset_s: float) -> Seen:
    seen = Seen()
    await asyncio.sleep(offset_s)
    async with connected(endpoint.adb) as client:
        complete = asyncio.Event()
        log = client.open(f"exec:logcat -v tag -s {TAG}".encode())
        following = asyncio.create_task(_follow(log, seen, complete))
        began = time.monotonic()
        for number in range(seconds):
            await asyncio.sleep(max(0.0, began + number - time.monotonic()))
            await _command(client, number, seen)
        await client.ask(f"exec:log -t {TAG} {LAST}".encode())  # when it is seen, all are
        with suppress(TimeoutError):  # then lines are missing, and that is told
            await asyncio.wait_for(complete.wait(), LAST_LINES_S)
        following.cancel()
    return seen


async def _command(client: Client, number: int, seen: Seen) -> None:
    began = time.perf_counter()
    seen.asked.append(number)
    if await client.ask(f"exec:log -t {TAG} {number} && echo $?".encode()) != b"0\n":
        seen.failed += 1
    seen.times_ms.append((time.perf_counter() - began) * 1e3)


async def _follow(log: Stream, seen: Seen, complete: asyncio.Event) -> None:
    async for line in log.lines():
        text = line.partition(b": ")[2].decode()
        if text == LAST:
            complete.set()
        elif line.startswith(b"I/"):
            seen.lines.append(int(text))


def _cpu_s(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
