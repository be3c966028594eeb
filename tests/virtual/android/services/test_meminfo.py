"""`dumpsys meminfo`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framework.dumps import meminfo, proc_status
from framework.virtual.android.graphics import Graphics, graphics_of

if TYPE_CHECKING:
    from conftest import Bench, OnBench

WEIGHTS = 1 << 30


def app_dump(on_bench: OnBench, *options: str) -> tuple[str, str, Graphics]:
    """The dump of the launcher with a gigabyte of weights, its /proc/PID/status, and what the GPU holds for it."""

    async def script(bench: Bench) -> tuple[str, str, Graphics]:
        device = bench.device
        process = device.processes.by_name("com.miui.home")
        assert process is not None
        device.physics.memory.map_weights(process, WEIGHTS)
        device.physics.memory.touch(process)
        text = (await bench.run("dumpsys", "meminfo", *options, "com.miui.home")).out
        graphics = graphics_of(device, process)
        assert graphics is not None
        return text, (await bench.run("cat", f"/proc/{process.pid}/status")).out, graphics

    return on_bench(script)


def test_the_total_is_the_sum_of_its_rows(on_bench: OnBench) -> None:
    """PSS counts what is swapped out; the resident set is what /proc says, and what the GPU holds on top."""
    text, status, graphics = app_dump(on_bench)
    (dump,) = meminfo.parse(text).processes
    told = proc_status.parse(status)
    assert told.vm_rss_kb is not None
    assert told.vm_swap_kb is not None
    assert dump.total_pss_kb == sum((row.pss_kb or 0) + (row.swap_pss_kb or 0) for row in dump.rows)
    assert dump.total_rss_kb == sum(row.rss_kb or 0 for row in dump.rows)
    assert dump.total_rss_kb == told.vm_rss_kb + (graphics.all_bytes >> 10)
    assert dump.total_swap_pss_kb == told.vm_swap_kb


def test_the_summary_divides_the_same_memory(on_bench: OnBench) -> None:
    """All lines but the totals add up to them; graphics are three buffers of the panel and textures."""
    text, _, graphics = app_dump(on_bench)
    (dump,) = meminfo.parse(text).processes
    summary = {row.name: row for row in dump.summary}
    assert sum(row.pss_kb or 0 for row in dump.summary) == dump.total_pss_kb
    assert sum(row.rss_kb or 0 for row in dump.summary) == dump.total_rss_kb
    assert summary["Graphics"].pss_kb == graphics.all_bytes >> 10
    assert graphics.egl_bytes == 3 * 1088 * 2400 * 4


def test_mapped_weights_count_in_full(on_bench: OnBench) -> None:
    """Nobody shares them: their PSS is their size, private and clean."""
    text, _, _ = app_dump(on_bench)
    other = next(row for row in meminfo.parse(text).processes[0].rows if row.name == "Other mmap")
    assert (other.pss_kb, other.private_dirty_kb, other.private_clean_kb) == (WEIGHTS >> 10, 0, WEIGHTS >> 10)


def test_swap_is_told_by_share(on_bench: OnBench) -> None:
    """What zram holds is in the column and in both totals."""

    async def script(bench: Bench) -> str:
        process = bench.device.processes.by_name("com.miui.home")
        assert process is not None
        process.memory.anon_bytes -= 10 << 20
        process.memory.swap_bytes += 10 << 20
        return (await bench.run("dumpsys", "meminfo", str(process.pid))).out

    (dump,) = meminfo.parse(on_bench(script)).processes
    assert dump.total_swap_pss_kb == 10 << 10


def test_it_takes_the_time_of_walking_all_pages(on_bench: OnBench) -> None:
    """Some 180 ms for a gigabyte, in which system_server works; a small process is quick."""

    async def script(bench: Bench) -> list[float]:
        device, took = bench.device, []
        process = device.processes.by_name("com.miui.home")
        assert process is not None
        for amount in (0, WEIGHTS):
            device.physics.memory.map_weights(process, amount)
            device.physics.memory.touch(process)
            begun, server = device.clock.now_ns(), device.processes.by_name("system_server")
            assert server is not None
            spent = server.cpu_ns
            await bench.run("dumpsys", "meminfo", "com.miui.home")
            took.append((device.clock.now_ns() - begun) / 1e6)
            assert server.cpu_ns > spent
        return took

    small, big = on_bench(script)
    assert 20 < small < 100
    assert 170 < big - small < 300


def test_a_native_program_has_no_java(on_bench: OnBench) -> None:
    """Found by its name or number; its heap is native, and it has no views to count."""

    async def script(bench: Bench) -> list[str]:
        return [(await bench.run("dumpsys", "meminfo", wanted)).out for wanted in ("surfaceflinger", "668")]

    by_name, by_pid = (meminfo.parse(text).processes[0] for text in on_bench(script))
    rows = {row.name: row.pss_kb for row in by_name.rows}
    assert (by_name.pid, by_name.rows) == (668, by_pid.rows)
    assert rows["Dalvik Heap"] == 0
    assert (rows["Native Heap"] or 0) > 10_000
    assert "Objects" not in on_bench(script)[0]


def test_the_summary_alone(on_bench: OnBench) -> None:
    """-s leaves the table and the objects out."""
    whole, short = app_dump(on_bench)[0], app_dump(on_bench, "-s")[0]
    assert "TOTAL PSS:" in short
    assert len(short.splitlines()) < 25 < len(whole.splitlines())


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


def test_the_whole_system(on_bench: OnBench) -> None:
    """Every process by size, by importance and by category, each adding up to the same; then the RAM."""

    async def script(bench: Bench) -> str:
        return (await bench.run("dumpsys", "meminfo")).out

    text = on_bench(script)
    lists = dict(re.findall(r"^(Total (?:RSS|PSS) by [a-zA-Z ]+):\n((?:  .*\n)+)", text, re.M))
    for kind in ("RSS", "PSS"):
        amounts = [
            [int(match.replace(",", "")) for match in re.findall(rf"^ {{2,{most}}}([\d,]+)K", lists[name], re.M)]
            for name, most in ((f"Total {kind} by process", 10), (f"Total {kind} by category", 10))
        ]
        groups = re.findall(r"^ {2,9}([\d,]+)K: [A-Z][A-Za-z ]+$", lists[f"Total {kind} by OOM adjustment"], re.M)
        assert amounts[0] == sorted(amounts[0], reverse=True)
        assert sum(amounts[0]) == sum(int(group.replace(",", "")) for group in groups)
    read = meminfo.parse(text).system
    assert read is not None
    assert f"Total RAM: {11264 << 10:>9,}K (status normal)" in text


def test_it_has_the_lines_of_a_real_one(on_bench: OnBench, capture: object) -> None:
    """Heading, rows, summary and objects stand where a phone prints them, but for sections that depend on the app."""

    def layout(text: str) -> list[str]:
        lines = text.split(" Native Allocations")[0].split(" \n \n")[0].splitlines()[4:]
        return [re.sub(r"\d", "#", re.sub(r"(?<=[ #])\d+|\[.*\]", lambda m: "#" * len(m[0]), line)) for line in lines]

    real = layout(capture("meminfo/flutter_app_frontend__emulator_swapKB.txt"))  # type: ignore[operator]
    ours = layout(app_dump(on_bench)[0])

    def words(lines: list[str]) -> set[str]:
        return {re.sub(r"[ #]+", " ", line).strip() for line in lines}

    swap = {"Pss Private Private Swap Rss Heap Heap Heap", "TOTAL PSS: TOTAL RSS: TOTAL SWAP (KB):"}
    assert words(real) - swap <= words(ours)
    ends = {re.sub(r"[ #]+", " ", line).strip(): len(line.rstrip()) for line in real if "mmap" not in line}
    for line in ours:
        if (length := ends.get(re.sub(r"[ #]+", " ", line).strip())) is not None:
            assert len(line.rstrip()) == length
