"""`dumpsys meminfo`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench

WEIGHTS = 1 << 30


def app_dump(on_bench: OnBench) -> tuple[str, int]:
    """The dump of the launcher with a gigabyte of mapped weights, and its resident kilobytes."""

    async def script(bench: Bench) -> tuple[str, int]:
        process = bench.device.processes.by_name("com.miui.home")
        assert process is not None
        bench.device.physics.memory.map_weights(process, WEIGHTS)
        bench.device.physics.memory.touch(process)
        return (await bench.run("dumpsys", "meminfo", "com.miui.home")).out, process.memory.rss_bytes >> 10

    return on_bench(script)


def test_the_total_is_the_sum_of_its_rows(on_bench: OnBench) -> None:
    """PSS, private and RSS of all rows; RSS is what /proc says."""
    text, rss_kb = app_dump(on_bench)
    table = text.split("   ------\n", 1)[1].split("\n \n")[0]
    rows = {line[:13].strip(): [int(word) for word in line[13:].split()] for line in table.splitlines()}
    total = rows.pop("TOTAL")
    for column in range(5):
        assert total[column] == sum(row[column] for row in rows.values())
    assert total[4] == rss_kb


def test_mapped_weights_count_in_full(on_bench: OnBench) -> None:
    """Nobody shares them: their PSS is their size, private and clean."""
    text, _ = app_dump(on_bench)
    other = next(line.split() for line in text.splitlines() if line.strip().startswith("Other mmap"))
    assert [int(word) for word in other[2:5]] == [WEIGHTS >> 10, 0, WEIGHTS >> 10]
    assert int(re.search(r"TOTAL PSS:\s+(\d+)", text)[1]) > WEIGHTS >> 10  # type: ignore[index]


def test_the_header_ties_the_clocks(on_bench: OnBench) -> None:
    """Monotonic and boot time in milliseconds of the handset's own clock."""

    async def script(bench: Bench) -> tuple[int, int, str, int]:
        clock = bench.device.clock
        before = clock.now_ns()
        text = (await bench.run("dumpsys", "meminfo", "4242")).out
        return clock.slept_ns, before // 10**6, text, clock.now_ns() // 10**6

    slept_ns, before, text, after = on_bench(script)
    head, times, rest = text.split("\n", 2)
    assert head == "Applications Memory Usage (in Kilobytes):"
    uptime, realtime = int(times.split()[1]), int(times.split()[3])
    assert before <= realtime <= after
    assert (slept_ns - 10**6) // 10**6 <= realtime - uptime <= slept_ns // 10**6 + 1
    assert rest == "No process found for: 4242\n"


def test_the_whole_system_lists_processes_by_size(on_bench: OnBench) -> None:
    """Largest first, then the totals."""

    async def script(bench: Bench) -> str:
        return (await bench.run("dumpsys", "meminfo")).out

    text = on_bench(script)
    sizes = [int(match[1].replace(",", "")) for match in re.finditer(r"^ +([\d,]+)K: .* \(pid \d+\)$", text, re.M)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes
    assert f"Total RAM: {11264 << 10:,}K (status normal)" in text


@pytest.mark.parametrize("label", ["TOTAL PSS:", "TOTAL RSS:", "Java Heap:", "Native Heap:", "Private Other:"])
def test_it_has_the_labels_of_a_real_one(on_bench: OnBench, capture: object, label: str) -> None:
    """Those that tools look for stand in both, in the same kind of line."""
    real = capture("meminfo/flutter_app_frontend__emulator_swapKB.txt")  # type: ignore[operator]
    text, _ = app_dump(on_bench)
    for dump in (text, real):
        assert re.search(rf"^ *.*{re.escape(label)} +\d+", dump, re.M)
