"""A restart step by step, system_server dead, storage full, the low-memory killer: as commands see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.formats.apk import Instrumentation as Declared
from framework.virtual.android.instrumentation import CRASHED, Instrumentations, Report
from framework.virtual.android.packages import Package
from framework.virtual.commands.android_service import NOT_UP
from framework.virtual.faults.fault import FaultError

if TYPE_CHECKING:
    from conftest import Ill, OnIll

ASKED = (
    ("getprop", "sys.boot_completed"),
    ("pm", "list", "packages"),
    ("am", "start", "-n", "a/.b"),
    ("settings", "get", "global", "adb_enabled"),
    ("dumpsys", "battery"),
    ("service", "check", "package"),
    ("am", "instrument", "-w", "a/b"),
)
BOOTING = [
    (0, "\n", ""),
    (20, "", "cmd: Can't find service: package\n"),
    (20, "", "cmd: Can't find service: activity\n"),
    (20, "", "cmd: Can't find service: settings\n"),
    (0, "", "Can't find service: battery\n"),
    (0, "Service package: not found\n", ""),
    (1, "", NOT_UP),
]
"""As AOSP's cmd.cpp, dumpsys.cpp, service.cpp and Am.java say it: dumpsys and service do not fail."""


async def answers(ill: Ill) -> list[tuple[int, str, str]]:
    done = [await ill.bench.run(*words) for words in ASKED]
    return [(each.status, each.out, each.err) for each in done]


def test_a_restart_takes_its_time(on_ill: OnIll) -> None:
    """The shell works at a third of it, services are there at three quarters, sys.boot_completed is 1 at its end."""

    async def run(ill: Ill) -> None:
        device = ill.device
        await ill.start_app()
        boot_id, number = device.boot_id, ill.faults.begin("reboot", 20)
        await ill.sleep_s(2)
        assert device.processes.all() == []
        await ill.sleep_s(8)
        assert (device.boot_id != boot_id, await answers(ill)) == (True, BOOTING)
        await ill.sleep_s(7)
        assert (await ill.bench.run("service", "check", "package")).out == "Service package: found\n"
        assert (await ill.bench.run("getprop", "sys.boot_completed")).out == "\n"
        await ill.sleep_s(5)
        assert (await ill.bench.run("getprop", "sys.boot_completed")).out == "1\n"
        assert ill.state(number)["end_ns"] >= 19_900_000_000
        await ill.start_app()

    on_ill(run)


def test_a_restart_that_is_cleared_is_over(on_ill: OnIll) -> None:
    """At once, even while the handset goes down."""

    async def run(ill: Ill) -> None:
        for wait_s in (0.0, 0.5):
            number = ill.faults.begin("reboot", 600)
            await ill.sleep_s(wait_s)
            ill.faults.clear(number)
            await ill.sleep_s(1)
            assert (await ill.bench.run("getprop", "sys.boot_completed")).out == "1\n"
        assert ill.device.truth.boot == 2

    on_ill(run)


def test_system_server_dies(on_ill: OnIll) -> None:
    """Apps die with it, the shell lives on, its services are not found; then it is there again, under another pid."""

    async def run(ill: Ill) -> None:
        processes = ill.device.processes
        app = (await ill.start_app()).process
        before = {process.pid for process in processes.all() if process.name in ("system_server", "zygote64")}
        number = ill.faults.begin("package_manager_dead", for_s=10)
        assert (app.running, processes.by_name("zygote64")) == (False, None)
        assert (await answers(ill))[1:] == BOOTING[1:]
        assert (await ill.bench.run("getprop", "sys.boot_completed")).out == "1\n"
        assert any(line.startswith("Exit zygote because system server") for line in ill.log())
        await ill.sleep_s(11)
        after = {process.pid for process in processes.all() if process.name in ("system_server", "zygote64")}
        assert (ill.state(number)["end_ns"] is not None, len(after), before & after) == (True, 2, set())
        await ill.start_app()

    on_ill(run)


def test_storage_is_full(on_ill: OnIll) -> None:
    """df shows it, writing and installing fail in Android's words; afterwards both work."""

    async def run(ill: Ill) -> None:
        free = ill.device.files.free_bytes()
        ill.faults.begin("storage_full", 1)
        assert (await ill.bench.run("df", "/data")).out.split()[-3:] == ["976", "100%", "/data"]
        full = await ill.bench.sh("dd if=/dev/zero of=/data/local/tmp/x bs=1000000 count=2")
        assert "No space left on device" in full.err
        await ill.bench.sh("rm /data/local/tmp/x")
        refused = await ill.bench.cmd("package", "install", "-S", "2000000", stdin=b"")
        assert refused.out.startswith("Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE: ")
        ill.faults.clear()
        assert ill.device.files.free_bytes() == free

    on_ill(run)


def test_the_app_in_front_is_killed_for_its_memory(on_ill: OnIll) -> None:
    """lmkd says so, and the history of ends gives LOW_MEMORY."""

    async def run(ill: Ill) -> None:
        process = (await ill.start_app()).process
        ill.faults.begin("low_memory_kill")
        assert not process.running
        assert any(line.startswith(f"Kill 'org.pocketfarm.assistant' ({process.pid})") for line in ill.log())
        exits = await ill.bench.run("dumpsys", "activity", "exit-info", "org.pocketfarm.assistant")
        assert "reason=3 (LOW_MEMORY)" in exits.out

    on_ill(run)


def test_what_drives_the_screen_crashes(on_ill: OnIll) -> None:
    """Instrumented processes crash and their watchers are told; without any there is nothing that could."""

    async def run(ill: Ill) -> None:
        activities = ill.device.activities
        with pytest.raises(FaultError, match="no instrumentation runs"):
            ill.faults.begin("instrumentation_crash")
        activities.instrumentations = Instrumentations(ill.device, ())
        ill.device.packages.add(Package("org.probe", 1, "1", 24, 34, 10250, "/data/app/org.probe", ("aa",), 0, 0))
        package = ill.device.packages.get("org.probe")
        assert package is not None
        package.instrumentations = (Declared("org.probe.Runner", "org.probe"),)
        told: list[Report] = []
        process = activities.instrumentations.start("org.probe/org.probe.Runner", {}, told.append)
        ill.faults.begin("instrumentation_crash")
        await ill.sleep_s(1)
        assert (process.running, [report.results for report in told]) == (False, [CRASHED])

    on_ill(run)
