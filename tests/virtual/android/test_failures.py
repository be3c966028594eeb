"""Crashes, hangs and kills, as a tester finds them afterwards."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from framework.dumps import logcat, tombstone
from framework.virtual import reboot
from framework.virtual.android.exits import Reason

if TYPE_CHECKING:
    from conftest import Bench, OnBench
    from framework.virtual.system.processes import Process

HOME = "com.miui.home"
SECOND = 1_000_000_000


def home(bench: Bench) -> Process:
    process = bench.device.processes.by_name(HOME)
    assert process is not None
    return process


async def log(bench: Bench, *words: str) -> str:
    return (await bench.run("logcat", "-d", "-v", "threadtime", *words)).out


async def history(bench: Bench) -> str:
    return (await bench.run("dumpsys", "activity", "exit-info", HOME)).out


def test_a_crash_is_in_the_log_the_events_and_the_history(on_bench: OnBench) -> None:
    """The exception with its process, am_crash and am_proc_died, and the reason."""

    async def script(bench: Bench) -> tuple[int, str, str, str]:
        process = home(bench)
        bench.device.activities.crash(process, ValueError("too long"))
        return process.pid, await log(bench), await log(bench, "-b", "events"), await history(bench)

    pid, text, events, ends = on_bench(script)
    (crash,) = logcat.parse(text).java_crashes
    assert (crash.pid, crash.process) == (pid, HOME)
    assert crash.exception == "java.lang.IllegalArgumentException: too long"
    assert (
        f"am_crash: [{pid},0,{HOME},551042630,java.lang.IllegalArgumentException,too long,Handler.java,106]" in events
    )
    assert f"am_proc_died: [0,{pid},{HOME},0,2]" in events
    assert f"Process {HOME} (pid {pid}) has died: fg  TOP" in text
    assert f"pid={pid}" in ends
    assert "reason=4 (APP CRASH(EXCEPTION))" in ends


@pytest.mark.parametrize(("number", "name"), [(signal.SIGSEGV, "SIGSEGV"), (signal.SIGABRT, "SIGABRT")])
def test_a_native_crash_leaves_a_tombstone(on_bench: OnBench, number: signal.Signals, name: str) -> None:
    """The thread that was computing, told by crash_dump; the same text is in a file that shell may not read."""

    async def script(bench: Bench) -> tuple[int, int, str, str, str, str]:
        process, device = home(bench), bench.device
        with device.physics.working("decode", process.pid):
            await device.clock.sleep(SECOND // 10)
            wall_ns = device.clock.wall_ns()
            device.activities.failures.native_crash(process, number)
        await device.clock.sleep(SECOND)
        file = device.files.read("/data/tombstones/tombstone_00").decode()
        refused = (await bench.sh("ls /data/tombstones; cat /data/tombstones/tombstone_00")).err
        return process.pid, wall_ns, await log(bench), file, refused, await history(bench)

    pid, wall_ns, text, file, refused, ends = on_bench(script)
    (crash,) = logcat.parse(text).native_crashes
    told = crash.crash
    assert told == tombstone.parse(file)
    assert (told.pid, told.process, told.thread, told.signal_name) == (pid, HOME, "inference-0", name)
    assert told.time_ns is not None
    assert wall_ns <= told.time_ns < wall_ns + SECOND
    assert len(told.backtrace) == 5
    assert refused.count("Permission denied") == 2
    assert f"reason=5 (APP CRASH(NATIVE)) subreason=0 (UNKNOWN) status={number.value}" in ends
    lines = text.splitlines()
    order = [
        next(n for n, line in enumerate(lines) if words in line) for words in ("libc    : Fatal", "DEBUG", "has died")
    ]
    assert order == sorted(order)


def test_a_handset_that_goes_down_writes_no_tombstone(on_bench: OnBench) -> None:
    """crash_dump is killed with everything else."""

    async def script(bench: Bench) -> tuple[str, bool]:
        device = bench.device
        device.activities.crash(home(bench), native=True)
        await reboot.go_down(device)
        reboot.Boot(device, 0).finish()
        await device.clock.sleep(SECOND)
        return await log(bench, "-s", "DEBUG"), device.files.exists("/data/tombstones/tombstone_00")

    text, written = on_bench(script)
    assert "backtrace" not in text
    assert not written


def test_an_app_that_hangs_draws_nothing_and_lives_on(on_bench: OnBench) -> None:
    """After 5 s Android knows, some seconds later the log tells; one frame then shows all that changed."""

    async def script(bench: Bench) -> tuple[int, list[float], str, str, list[int], bool]:
        process, device = home(bench), bench.device
        window = device.activities.stack[0].window
        assert window is not None
        await device.clock.sleep(SECOND)
        begun = device.clock.now_ns()
        device.activities.anr(process)
        for _ in range(160):
            await device.clock.sleep(SECOND // 10)
            if device.clock.now_ns() < begun + 8 * SECOND:
                window.changed()
        device.frames.settle()
        frames = [each.ns - begun for each in device.truth.events(begun, device.truth.boot) if each.kind == "frame"]
        tags = {"am_anr": "events", "ActivityManager": "system"}
        at = [
            (entry.boot_ns - begun) / SECOND
            for tag, buffer in tags.items()
            for entry in device.log.lines((buffer,))  # type: ignore[arg-type]
            if entry.tag == tag and (tag == "am_anr" or entry.message.startswith("ANR in"))
        ]
        listed = (await bench.sh("ls -l /data/anr; cat /data/anr/*")).out
        return process.pid, at, await log(bench), listed, frames, process.running

    pid, at, text, listed, frames, running = on_bench(script)
    (anr,) = logcat.parse(text).anrs
    assert (anr.pid, anr.process, anr.component, anr.waited_ms) == (pid, HOME, f"{HOME}/.launcher.Launcher", 5001)
    assert [each.resource for each in anr.pressure] == ["memory", "cpu", "io"]
    assert at[0] == 5.0
    assert 6.5 <= at[1] <= 13
    assert running
    assert len(frames) == 1
    assert frames[0] > 9 * SECOND
    assert listed.startswith("total ")
    assert "-rw------- 1 system system" in listed
    assert "DALVIK" not in listed


def test_lmkd_s_kills_are_told_as_such(on_bench: OnBench) -> None:
    """The first to go under pressure is the cached app with the highest score."""

    async def script(bench: Bench) -> str:
        memory = bench.device.physics.memory
        hog = bench.device.processes.spawn("/data/local/tmp/hog", 2000)
        memory.allocate(hog, memory.total_bytes - memory.anon_bytes + memory.swap_free_bytes // 2)
        await bench.device.clock.sleep(3 * SECOND)
        return (await bench.run("dumpsys", "activity", "exit-info", "com.android.deskclock")).out

    ends = on_bench(script)
    assert "pid=2815 " in ends
    assert "process=com.android.deskclock reason=3 (LOW_MEMORY)" in ends
    assert "importance=400 " in ends


def test_who_has_no_window_cannot_hang(on_bench: OnBench) -> None:
    """It is the caller's mistake."""

    async def script(bench: Bench) -> None:
        server = bench.device.processes.by_name("system_server")
        assert server is not None
        with pytest.raises(ValueError, match="no window"):
            bench.device.activities.anr(server)

    on_bench(script)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("force-stop", "reason=10 (USER REQUESTED) subreason=21 (FORCE STOP) status=0"),
        ("killed", "reason=3 (LOW_MEMORY) subreason=0 (UNKNOWN) status=0"),
        ("signal", "reason=2 (SIGNALED) subreason=0 (UNKNOWN) status=9"),
        ("exit", "reason=1 (EXIT_SELF) subreason=0 (UNKNOWN) status=7"),
    ],
)
def test_other_ends_have_their_reasons(on_bench: OnBench, end: str, told: str) -> None:
    """By a user, by Android, by somebody's signal, by itself."""

    async def script(bench: Bench) -> str:
        process, activities = home(bench), bench.device.activities
        if end == "force-stop":
            activities.force_stop(HOME)
        elif end == "killed":
            activities.killed(process, Reason.LOW_MEMORY)
        elif end == "signal":
            process.signal(signal.SIGKILL)
        else:
            process.finish(7)
        return await history(bench)

    assert told in on_bench(script)
