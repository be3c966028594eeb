"""`am instrument` prints what AOSP's Instrument.java prints, and its process ends when Android says so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from framework.formats.apk import Instrumentation as Declared
from framework.virtual.android.instrumentation import Instrumentations
from framework.virtual.android.packages import Package
from framework.virtual.apps.base import Instrumentation, Outcome

if TYPE_CHECKING:
    from conftest import Bench, OnBench

TARGET, TESTS, RUNNER = "org.example.probe", "org.example.probe.test", "androidx.test.runner.AndroidJUnitRunner"
COMPONENT = f"{TESTS}/{RUNNER}"
CRASHED = "INSTRUMENTATION_RESULT: shortMsg=Process crashed.\nINSTRUMENTATION_CODE: 0\n"


class Probe(Instrumentation):
    """Listens, tells a status, and does what `-e do` says."""

    package: ClassVar[str] = TESTS
    runner: ClassVar[str] = RUNNER

    async def run(self) -> Outcome:
        listener = self.context.device.ports.listen(7001, lambda reader, writer: asyncio.sleep(0))
        try:
            self.send_status(1, {"stream": "begun\n", "class": "Probe", "id": "probe"})
            if self.arguments.get("do") == "raise":
                raise ZeroDivisionError("asked to")
            if self.arguments.get("do") == "stay":
                await asyncio.Event().wait()
            return Outcome({"stream": "\nOK (0 tests)", "longMsg": "well"})
        finally:
            listener.close()


def install(bench: Bench, *, certificate: str = "aa") -> None:
    device = bench.device
    device.activities.instrumentations = Instrumentations(device, (Probe,))
    for number, (name, certificates) in enumerate(((TARGET, ("aa",)), (TESTS, (certificate,)))):
        device.packages.add(Package(name, 1, "1", 24, 34, 10250 + number, f"/data/app/{name}", certificates, 0, 0))
    package = device.packages.get(TESTS)
    assert package is not None
    package.instrumentations = (Declared(RUNNER, TARGET), Declared("org.example.Other", "org.example.absent"))


def test_listed(on_bench: OnBench) -> None:
    """`pm list instrumentation` shows the runner and its target."""

    async def scenario(bench: Bench) -> None:
        install(bench)
        assert (
            f"instrumentation:{COMPONENT} (target={TARGET})\n"
            in (await bench.cmd("package", "list", "instrumentation")).out
        )

    on_bench(scenario)


def test_printed_for_people_and_raw(on_bench: OnBench) -> None:
    """With `-w` streams are printed as they are; with `-r` every key, sorted, then the code."""

    async def scenario(bench: Bench) -> None:
        install(bench)
        plain = await bench.run("am", "instrument", "-w", "-e", "k", "v", COMPONENT)
        assert (plain.status, plain.out) == (0, "begun\n\nOK (0 tests)\n")
        raw = await bench.run("am", "instrument", "-r", "-w", "--no-window-animation", "--user", "0", COMPONENT)
        assert raw.out == (
            "INSTRUMENTATION_STATUS: class=Probe\nINSTRUMENTATION_STATUS: id=probe\n"
            "INSTRUMENTATION_STATUS: stream=begun\n\nINSTRUMENTATION_STATUS_CODE: 1\n"
            "INSTRUMENTATION_RESULT: longMsg=well\nINSTRUMENTATION_RESULT: stream=\nOK (0 tests)\n"
            "INSTRUMENTATION_CODE: -1\n"
        )

    on_bench(scenario)


def test_runs_in_the_targets_process_until_it_is_stopped(on_bench: OnBench) -> None:
    """ps shows the target; force-stop of either package ends it, frees its port, and `am` tells of a crash."""

    async def scenario(bench: Bench) -> None:
        install(bench)
        for stopped in (TARGET, TESTS):
            running = bench.start("am", "instrument", "-w", "-e", "do", "stay", COMPONENT)
            await running.out.wait_for("begun")
            process = bench.device.processes.by_name(TARGET)
            assert process is not None
            assert f" {process.pid} " in (await bench.run("ps", "-A")).out
            assert bench.device.ports.listening(7001)
            await bench.run("am", "force-stop", stopped)
            assert await running.task == 0
            assert running.out.text == "begun\n" + CRASHED
            assert not process.running
            assert not bench.device.ports.listening(7001)

    on_bench(scenario)


def test_an_exception_is_a_crash(on_bench: OnBench) -> None:
    """What `run` raises is in the crash buffer, and `am` says that the process crashed."""

    async def scenario(bench: Bench) -> None:
        install(bench)
        crashed = await bench.run("am", "instrument", "-w", "-e", "do", "raise", COMPONENT)
        assert crashed.out == "begun\n" + CRASHED
        assert f"Process: {TARGET}, PID: " in (await bench.run("logcat", "-d", "-b", "crash")).out

    on_bench(scenario)


def test_a_client_that_goes_leaves_it_running(on_bench: OnBench) -> None:
    """Without `-w`, and when the client vanishes, the instrumentation goes on; another start replaces it."""

    async def scenario(bench: Bench) -> None:
        install(bench)
        assert (await bench.run("am", "instrument", "-e", "do", "stay", COMPONENT)).out == ""
        first = bench.device.processes.by_name(TARGET)
        assert first is not None
        running = bench.start("am", "instrument", "-w", "-e", "do", "stay", COMPONENT)
        await running.out.wait_for("begun")
        running.task.cancel()
        await asyncio.sleep(0)
        second = bench.device.processes.by_name(TARGET)
        assert second is not None
        assert (first.running, second.running) == (False, True)

    on_bench(scenario)


def test_refused(on_bench: OnBench) -> None:
    """A runner that is not there, a target that is not, another signature, a name without a package."""

    async def scenario(bench: Bench) -> None:
        install(bench)
        absent = await bench.run("am", "instrument", "-w", "org.absent/.Runner")
        assert (absent.status, absent.out) == (
            1,
            "INSTRUMENTATION_STATUS: Error=Unable to find instrumentation info for: "
            "ComponentInfo{org.absent/org.absent.Runner}\n"
            "INSTRUMENTATION_STATUS: id=ActivityManagerService\nINSTRUMENTATION_STATUS_CODE: -1\n",
        )
        assert absent.err.startswith(
            "android.util.AndroidException: INSTRUMENTATION_FAILED: org.absent/org.absent.Runner\n"
        )
        other = await bench.run("am", "instrument", "-w", f"{TESTS}/org.example.Other")
        assert "Error=Unable to find instrumentation target package: org.example.absent\n" in other.out
        unknown = await bench.run("am", "instrument", "-w", "org.example.Nowhere")
        assert "No instrumentation found for: org.example.Nowhere" in unknown.err
        install(bench, certificate="bb")
        foreign = await bench.run("am", "instrument", "-w", COMPONENT)
        assert f"does not have a signature matching the target {TARGET}\n" in foreign.out

    on_bench(scenario)
