"""/proc as programs read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench

GIB = 1 << 30


def read(on_bench: OnBench, path: str) -> str:
    async def script(bench: Bench) -> bytes:
        return bytes(bench.device.files.as_user(2000).read(path))

    return str(on_bench(script).decode())


def fields(text: str) -> dict[str, str]:
    return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}


def test_uptime_is_device_time(on_bench: OnBench) -> None:
    """Boot time to hundredths of a second; the idle time of eight CPUs behind it."""

    async def script(bench: Bench) -> tuple[int, bytes, int]:
        before = bench.device.clock.now_ns()
        text = bench.device.files.read("/proc/uptime")
        return before, text, bench.device.clock.now_ns()

    before, text, after = on_bench(script)
    up, idle = (float(word) for word in text.split())
    assert before / 1e9 - 0.01 <= up <= after / 1e9 + 0.01
    assert up * 7 < idle < up * 8


def test_meminfo_adds_up(on_bench: OnBench) -> None:
    """The profile's total, kilobytes, and no more free than available."""
    values = {name: int(value.removesuffix(" kB")) for name, value in fields(read(on_bench, "/proc/meminfo")).items()}
    assert values["MemTotal"] == 11264 << 10
    assert 0 < values["MemFree"] <= values["MemAvailable"] < values["MemTotal"]
    assert values["SwapTotal"] == 6144 << 10
    assert 0.8 * values["SwapTotal"] < values["SwapFree"] < values["SwapTotal"]


def test_stat_has_a_line_for_each_cpu(on_bench: OnBench) -> None:
    """Jiffies of ten columns; the first line is their sum."""
    lines = [line.split() for line in read(on_bench, "/proc/stat").splitlines() if line.startswith("cpu")]
    assert [line[0] for line in lines] == ["cpu", *(f"cpu{number}" for number in range(8))]
    assert {len(line) for line in lines} == {11}
    totals = [sum(map(int, line[1:])) for line in lines]
    assert totals[0] == pytest.approx(sum(totals[1:]), abs=16)


def test_a_process_that_works_shows_it(on_bench: OnBench) -> None:
    """Memory, CPU ticks, state and threads, where proc(5) says; the name may hold anything but the last bracket."""

    async def script(bench: Bench) -> tuple[list[str], dict[str, str], list[str]]:
        device = bench.device
        process = device.processes.spawn("org.example.assistant", 10200)
        device.physics.memory.map_weights(process, GIB)
        device.physics.memory.touch(process)
        with device.physics.working("decode", process.pid):
            await device.clock.sleep(2_000_000_000)
            stat = device.files.read(f"/proc/{process.pid}/stat").decode()
            status = fields(device.files.read(f"/proc/{process.pid}/status").decode())
        statm = device.files.read(f"/proc/{process.pid}/statm").decode()
        return stat.rpartition(")")[2].split(), status, statm.split()

    stat, status, statm = on_bench(script)
    state, ticks, rss_pages = stat[0], int(stat[11]) + int(stat[12]), int(stat[21])
    assert state == "S"  # of its first thread
    assert len(stat) == 50
    assert ticks >= 1000  # two seconds on five threads, in hundredths
    assert rss_pages * 4 == int(status["VmRSS"].split()[0]) == int(statm[1]) * 4
    assert int(status["RssFile"].split()[0]) >= GIB >> 10
    assert int(status["VmRSS"].split()[0]) == sum(int(status[name].split()[0]) for name in ("RssAnon", "RssFile"))
    assert int(status["VmHWM"].split()[0]) >= int(status["VmRSS"].split()[0])
    assert status["State"] == "S (sleeping)"


def test_processes_come_and_go(on_bench: OnBench) -> None:
    """A directory for each, gone with it; an app's name is at the end of its comm."""

    async def script(bench: Bench) -> tuple[bytes, bytes, bool]:
        process, files = bench.device.processes.spawn("org.example.assistant", 10200), bench.device.files
        comm, cmdline = files.read(f"/proc/{process.pid}/comm"), files.read(f"/proc/{process.pid}/cmdline")
        process.signal(9)
        return comm, cmdline, files.exists(f"/proc/{process.pid}")

    assert on_bench(script) == (b"ample.assistant\n", b"org.example.assistant\0", False)


def test_oom_score_tells_front_from_back(on_bench: OnBench) -> None:
    """0 in front, -900 for the system server, -1000 for native programs."""

    async def script(bench: Bench) -> list[int]:
        files, home = bench.device.files, bench.device.activities.focused
        assert home is not None
        pids = home.process.pid, 1254, 1
        return [int(files.read(f"/proc/{pid}/oom_score_adj")) for pid in pids]

    assert on_bench(script) == [0, -900, -1000]


def test_io_is_for_its_owner(on_bench: OnBench) -> None:
    """The shell may not read another user's; its own it may."""

    async def script(bench: Bench) -> str:
        own = bench.device.processes.spawn("sh", 2000)
        view = bench.device.files.as_user(2000)
        with pytest.raises(PermissionError):
            view.read("/proc/1254/io")
        return str(view.read(f"/proc/{own.pid}/io").decode())

    assert "read_bytes: " in on_bench(script)


def test_kernel_and_cpus_are_the_profiles(on_bench: OnBench) -> None:
    """Version and CPU parts; the version says that it is emulated."""
    assert "5.15.123-android13-8" in read(on_bench, "/proc/version")
    assert "emulated" in read(on_bench, "/proc/version")
    parts = [line.split()[-1] for line in read(on_bench, "/proc/cpuinfo").splitlines() if line.startswith("CPU part")]
    assert parts == ["0xd46"] * 3 + ["0xd4d"] * 4 + ["0xd4e"]


def test_loadavg_counts_the_work(on_bench: OnBench) -> None:
    """Five more threads while decoding."""

    async def script(bench: Bench) -> list[float]:
        files = bench.device.files
        loads = [float(files.read("/proc/loadavg").split()[0])]
        with bench.device.physics.working("decode", 1):
            loads.append(float(files.read("/proc/loadavg").split()[0]))
        return loads

    before, during = on_bench(script)
    assert during == pytest.approx(before + 5)


def test_what_selinux_keeps_from_shell(on_bench: OnBench) -> None:
    """The load and the stalls are not for shell, though everybody may read the files around them."""

    async def script(bench: Bench) -> tuple[str, str]:
        read = await bench.sh("for f in loadavg pressure/cpu pressure/memory; do cat /proc/$f; done")
        return read.out, read.err

    out, err = on_bench(script)
    assert out == ""
    assert err.count("Permission denied") == 3


def test_every_boot_has_an_id_of_its_own(on_bench: OnBench) -> None:
    """A random UUID, the same until the handset restarts."""

    async def script(bench: Bench) -> list[str]:
        ids = [(await bench.sh("cat /proc/sys/kernel/random/boot_id")).out for _ in range(2)]
        bench.device.truth.restarted()
        return [*ids, (await bench.sh("cat /proc/sys/kernel/random/boot_id")).out]

    first, again, restarted = on_bench(script)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n", first)
    assert first == again != restarted
