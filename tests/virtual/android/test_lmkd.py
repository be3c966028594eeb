"""The low-memory killer: who goes, in which order, and what the log says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench

GIB = 1 << 30
KILL = re.compile(
    r"Kill '(?P<name>[^']+)' \((?P<pid>\d+)\), uid (?P<uid>\d+), oom_score_adj (?P<adj>-?\d+) to free "
    r"(?P<rss>\d+)kB rss, (?P<swap>\d+)kB swap; reason: (?P<reason>.+)"
)


def kills(bench: Bench) -> list[re.Match[str]]:
    found = [entry for entry in bench.device.log.lines() if entry.tag == "lowmemorykiller"]
    return [match for entry in found if (match := KILL.fullmatch(entry.message)) is not None]


def hog(bench: Bench, size: int) -> None:
    """A native process, which lmkd never kills, takes that much."""
    process = bench.device.processes.spawn("/data/local/tmp/hog", 2000)
    bench.device.physics.memory.allocate(process, size)


def test_cached_apps_go_first_and_in_order(on_bench: OnBench) -> None:
    """By falling score, one after the other, until there is room again; the log tells each, and that it died."""

    async def script(bench: Bench) -> tuple[list[tuple[str, int]], list[str], list[str]]:
        memory = bench.device.physics.memory
        hog(bench, memory.total_bytes - memory.anon_bytes + memory.swap_free_bytes // 2)
        await bench.device.clock.sleep(3_000_000_000)
        died = [entry.message for entry in bench.device.log.lines() if "has died" in entry.message]
        alive = [process.name for process in bench.device.processes.all()]
        return [(match["name"], int(match["adj"])) for match in kills(bench)], died, alive

    killed, died, alive = on_bench(script)
    assert len(killed) >= 2
    assert killed[0] == ("com.android.deskclock", 975)
    assert [adj for _, adj in killed] == sorted((adj for _, adj in killed), reverse=True)
    assert "Process com.android.deskclock (pid 2815) has died: cch+75 CEM" in died
    assert not {name for name, _ in killed} & set(alive)
    assert "com.miui.home" in alive


def test_the_app_in_front_goes_last_and_the_launcher_comes_back(on_bench: OnBench) -> None:
    """When nothing else is left, score 0 dies as well, then who wants too much; natives and the system server stay."""

    async def script(bench: Bench) -> tuple[list[int], list[str], str]:
        memory = bench.device.physics.memory
        hog(bench, memory.total_bytes + memory.swap_bytes)
        await bench.device.clock.sleep(3_000_000_000)
        adjs = [int(match["adj"]) for match in kills(bench)]
        focused = bench.device.activities.focused
        return adjs, [process.name for process in bench.device.processes.all()], focused.short if focused else ""

    adjs, alive, focused = on_bench(script)
    assert 0 in adjs
    assert min(adjs) == 0
    assert "/data/local/tmp/hog" not in alive
    assert {"system_server", "/system/bin/init", "com.android.systemui"} <= set(alive)
    assert focused == "com.miui.home/.launcher.Launcher"


def test_what_a_kill_says_is_so(on_bench: OnBench) -> None:
    """Score, resident and swapped kilobytes are those of /proc before; the reason is one that lmkd knows."""

    async def script(bench: Bench) -> tuple[list[tuple[int, int, int]], list[str], bool]:
        memory, seen = bench.device.physics.memory, {}
        hog(bench, memory.total_bytes - memory.anon_bytes + memory.swap_free_bytes // 3)
        for process in bench.device.processes.all():
            adj = int(bench.device.files.read(f"/proc/{process.pid}/oom_score_adj"))
            seen[process.pid] = (adj, process.memory.rss_bytes >> 10, process.memory.swap_bytes >> 10)
        await bench.device.clock.sleep(80_000_000)
        first = kills(bench)[0]
        told = (int(first["adj"]), int(first["rss"]), int(first["swap"]))
        return [told, seen[int(first["pid"])]], [match["reason"] for match in kills(bench)], memory.short

    (told, seen), reasons, _ = on_bench(script)
    assert told == seen
    reason = r"(min|low) watermark is breached( even after kill| and thrashing| and swap is low \(\d+kB < \d+kB\))"
    assert all(re.fullmatch(reason, each) for each in reasons)


def test_no_pressure_no_kill(on_bench: OnBench) -> None:
    """A gigabyte fits: nobody dies, nothing more is swapped."""

    async def script(bench: Bench) -> tuple[int, int, int]:
        memory = bench.device.physics.memory
        before = memory.swapped_bytes
        hog(bench, GIB)
        await bench.device.clock.sleep(3_000_000_000)
        return len(kills(bench)), before, memory.swapped_bytes

    killed, before, after = on_bench(script)
    assert (killed, before) == (0, after)


def test_memory_files_agree_with_one_another(on_bench: OnBench) -> None:
    """Under pressure the swap of all processes is the swap that is not free, and VmSwap comes out of RssAnon."""

    async def script(bench: Bench) -> tuple[int, int, int]:
        memory, files = bench.device.physics.memory, bench.device.files
        hog(bench, memory.total_bytes - memory.anon_bytes)
        swapped = 0
        for process in bench.device.processes.all():
            status = files.read(f"/proc/{process.pid}/status").decode()
            swapped += int(re.search(r"VmSwap:\s+(\d+) kB", status)[1])  # type: ignore[index]
        info = dict(line.split(":") for line in files.read("/proc/meminfo").decode().splitlines())
        values = {name: int(value.split()[0]) for name, value in info.items()}
        return swapped, values["SwapTotal"] - values["SwapFree"], len(bench.device.processes.all())

    swapped, gone, processes = on_bench(script)
    assert swapped > 1000
    assert abs(swapped - gone) <= processes
