"""Faults of the lab and the system: a late emulator, a set clock, a frozen shell, apps that end, a restart."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING

from framework.virtual.android.logd import BUFFERS
from framework.virtual.clock import SLIP_LIMIT_NS

if TYPE_CHECKING:
    from conftest import Ill, OnIll


def test_a_late_emulator_holds_its_time_back(on_ill: OnIll) -> None:
    """The loop stands for so long; what is due comes late but at its own time, and what is too late is given up."""

    async def run(ill: Ill) -> None:
        due_ns = ill.device.clock.now_ns() + 10**7
        begun = time.monotonic()
        ill.faults.begin("emulator_lag", 1300)
        assert await ill.device.clock.sleep_until(due_ns) == due_ns
        assert time.monotonic() - begun >= 1.3
        assert ill.device.clock.slipped_ns > 0.2 * SLIP_LIMIT_NS * ill.device.clock.speed

    on_ill(run)


def test_the_wall_clock_is_set(on_ill: OnIll) -> None:
    """`date` shows it, the log has a line about it in the new time, boot time goes on, the truth knows the step."""

    async def run(ill: Ill) -> None:
        device = ill.device
        before, boot_ns = device.clock.wall_offset_ns, device.clock.now_ns()
        ill.faults.begin("clock_step", -7_200_000)
        assert device.clock.wall_offset_ns == before - 7_200_000_000_000
        assert device.clock.now_ns() >= boot_ns
        entry = next(each for each in device.log.lines() if each.tag == "SystemClockTime")
        assert entry.message == f"Setting time of day to sec={entry.wall_ns // 10**9}"
        assert entry.wall_ns == entry.boot_ns + device.clock.wall_offset_ns
        (step,) = [event.told() for event in device.truth.events(0, 0) if event.kind == "clock_step"]
        assert step["step_ns"] == -7_200_000_000_000
        date = await ill.bench.run("date", "+%s")
        assert abs(int(date.out) - device.clock.wall_ns() // 10**9) <= 1

    on_ill(run)


def test_the_shells_processes_stand_still(on_ill: OnIll) -> None:
    """A loop prints nothing while it is frozen, and goes on afterwards; apps are not frozen."""

    async def run(ill: Ill) -> None:
        script = "while true; do read up _ </proc/uptime; echo $up; sleep 0.1; done"
        loop = ill.bench.start("sh", "-c", script)
        await ill.sleep_s(1)
        number = ill.faults.begin("stall_sampler", 4)
        await ill.sleep_s(6)
        loop.task.cancel()
        told = ill.state(number)
        times = [float(line) for line in loop.out.text.split()]
        gaps = [(after - before, before) for before, after in itertools.pairwise(times)]
        longest, since = max(gaps)
        assert 3.9 < longest < 4.3
        assert abs(since - told["begin_ns"] / 1e9) < 0.2

    on_ill(run)


def test_what_a_frozen_process_writes_comes_when_it_is_thawed(on_ill: OnIll) -> None:
    """Also for a program that waits for something else, such as logcat; a kill ends it in its freeze."""

    async def run(ill: Ill) -> None:
        device = ill.device
        done_ns: list[int] = []

        async def echo() -> None:
            assert (await ill.bench.sh("echo hello")).out == "hello\n"
            done_ns.append(device.clock.now_ns())

        number = ill.faults.begin("stall_sampler", 2)
        await asyncio.wait_for(echo(), 20)
        assert done_ns[0] >= ill.state(number)["begin_ns"] + 2_000_000_000
        ill.faults.begin("stall_sampler", 3600)
        asking = asyncio.create_task(ill.bench.sh("sleep 1; echo never"))
        await ill.sleep_s(5)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await ill.sleep_s(0.1)
        assert [each.name for each in device.processes.all() if each.name == "/system/bin/sh"] == []

    on_ill(run)


def test_the_app_in_front_is_killed(on_ill: OnIll) -> None:
    """Its process is gone, without a crash in the log; it can be started again, under another pid."""

    async def run(ill: Ill) -> None:
        first = await ill.start_app()
        ill.faults.begin("kill_app")
        assert ill.device.processes.get(first.process.pid) is None
        assert ill.device.log.lines(BUFFERS[2:3]) == []
        assert any(f"(pid {first.process.pid}) has died" in line for line in ill.log())
        assert (await ill.start_app()).process.pid != first.process.pid

    on_ill(run)


def test_the_app_in_front_crashes(on_ill: OnIll) -> None:
    """The log says which process, and that it was fatal."""

    async def run(ill: Ill) -> None:
        record = await ill.start_app()
        ill.faults.begin("app_crash")
        (entry, *_) = [each for each in ill.device.log.lines(BUFFERS[2:3]) if each.tag == "AndroidRuntime"]
        assert entry.message.startswith("FATAL EXCEPTION: main")
        assert ill.device.processes.get(record.process.pid) is None

    on_ill(run)


def test_the_app_in_front_crashes_in_native_code(on_ill: OnIll) -> None:
    """The log has the signal, and a tombstone of its process is written."""

    async def run(ill: Ill) -> None:
        record = await ill.start_app()
        ill.faults.begin("native_crash")
        await ill.sleep_s(2)
        assert ill.device.processes.get(record.process.pid) is None
        assert any(entry.message.startswith("Fatal signal 11") for entry in ill.device.log.lines(BUFFERS[2:3]))
        (name,) = ill.device.files.listdir("/data/tombstones")
        assert f"pid: {record.process.pid}," in ill.device.files.read(f"/data/tombstones/{name}").decode()

    on_ill(run)


def test_the_app_in_front_hangs(on_ill: OnIll) -> None:
    """Told after 5 s, with the traces in /data/anr; the app lives on."""

    async def run(ill: Ill) -> None:
        record = await ill.start_app()
        number = ill.faults.begin("anr", 12)
        await ill.sleep_s(30)
        told = ill.state(number)
        assert told["end_ns"] - told["begin_ns"] == 12_000_000_000
        assert any(line.startswith("ANR in org.pocketfarm.assistant") for line in ill.log())
        assert len(ill.device.files.listdir("/data/anr")) == 1
        assert record.process.running

    on_ill(run)
