"""`dumpsys cpuinfo`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench


def test_the_busiest_come_first(on_bench: OnBench) -> None:
    """A process that decodes is above the system server; the total is of all CPUs."""

    async def script(bench: Bench) -> tuple[int, str]:
        process = bench.device.processes.spawn("org.example", 10200)
        with bench.device.physics.working("decode", process.pid):
            await bench.device.clock.sleep(60_000_000_000)
            return process.pid, (await bench.run("dumpsys", "cpuinfo")).out

    pid, text = on_bench(script)
    lines = text.splitlines()
    assert re.fullmatch(r"Load: [\d.]+ / [\d.]+ / [\d.]+", lines[0])
    assert lines[1].startswith("CPU usage from ")
    assert re.match(rf"  [\d.]+% {pid}/org\.example: [\d.]+% user \+ [\d.]+% kernel", lines[2])
    assert re.fullmatch(r"[\d.]+% TOTAL: [\d.]+% user \+ [\d.]+% kernel", lines[-1])
