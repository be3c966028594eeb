"""`am` and `dumpsys activity`, in Android's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from framework.formats.apk import Component
from framework.virtual.apps.base import Intent

if TYPE_CHECKING:
    from conftest import Bench, OnBench, Result

HOME = ("-a", "android.intent.action.MAIN", "-c", "android.intent.category.HOME")
LAUNCHER = "com.miui.home/.launcher.Launcher"


def am(on_bench: OnBench, *words: str) -> Result:
    async def script(bench: Bench) -> Result:
        return await bench.run("am", *words)

    return on_bench(script)


def test_start_and_wait(on_bench: OnBench) -> None:
    """-S stops first, so that -W waits for a cold start."""
    result = am(on_bench, "start", "-S", "-W", "-n", LAUNCHER)
    assert result.status == 0
    assert result.err == ""
    assert re.fullmatch(
        r"Stopping: com\.miui\.home\n"
        r"Starting: Intent \{ cmp=com\.miui\.home/\.launcher\.Launcher \}\n"
        r"Status: ok\nLaunchState: COLD\nActivity: com\.miui\.home/\.launcher\.Launcher\n"
        r"TotalTime: [2-4]\d\d\nWaitTime: \d+\nComplete\n",
        result.out,
    )


def test_a_running_activity_gets_the_intent(on_bench: OnBench) -> None:
    """A warning: on stderr, or with -W on stdout among the rest."""
    warning = "Warning: Activity not started, intent has been delivered to currently running top-most instance.\n"
    assert am(on_bench, "start", *HOME).err == warning
    waited = am(on_bench, "start-activity", "-W", *HOME)
    assert warning in waited.out
    assert "Status: ok\nLaunchState: HOT\n" in waited.out


@pytest.mark.parametrize(
    ("words", "err"),
    [
        (
            ("-n", "org.example/.Nope"),
            "Error type 3\nError: Activity class {org.example/.Nope} does not exist.\n",
        ),
        (("-a", "org.nobody"), "Error: Activity not started, unable to resolve Intent { act=org.nobody }\n"),
    ],
)
def test_what_cannot_be_started(on_bench: OnBench, words: tuple[str, ...], err: str) -> None:
    """On stderr; with -W on stdout, without a status."""
    assert am(on_bench, "start", *words).err == err
    assert am(on_bench, "start", "-W", *words).out.endswith(err)


def test_an_activity_behind_is_brought_to_the_front(on_bench: OnBench) -> None:
    """Settings has no emulated code: while it starts it is on top, and home comes back from behind."""

    async def script(bench: Bench) -> str:
        await bench.run("am", "start", "-n", "com.android.settings/.Settings")
        return (await bench.run("am", "start", *HOME)).err

    expected = "Warning: Activity not started, its current task has been brought to the front\n"
    assert on_bench(script) == expected


def test_nothing_to_stop_is_nothing_to_start(on_bench: OnBench) -> None:
    """-S with an intent that nobody takes."""
    result = am(on_bench, "start", "-S", "-a", "org.nobody")
    assert (result.status, result.out) == (1, "")
    assert result.err == "Error: Intent does not match any activities: Intent { act=org.nobody }\n"


def test_kill_all_spares_the_front(on_bench: OnBench) -> None:
    """What is behind ends."""

    async def script(bench: Bench) -> list[str]:
        bench.device.activities.start(Intent(component="com.android.settings/com.android.settings.Settings"), uid=2000)
        await bench.run("am", "kill-all")
        return [record.package.name for record in bench.device.activities.stack]

    assert on_bench(script) == ["com.miui.home"]


def test_options_without_effect_are_read(on_bench: OnBench) -> None:
    """Those of a user, a display or a debugger; unknown ones are refused."""
    result = am(on_bench, "start", "--user", "0", "--display", "0", "-D", *HOME)
    assert result.out.startswith("Starting: Intent { act=android.intent.action.MAIN")
    assert "Unknown option: --fly" in am(on_bench, "start", "--fly", *HOME).err


def test_broadcasts(on_bench: OnBench) -> None:
    """Sent and completed, whoever takes them."""
    result = am(on_bench, "broadcast", "-a", "org.example.POKE", "--user", "0")
    assert result.out == ("Broadcasting: Intent { act=org.example.POKE flg=0x400000 }\nBroadcast completed: result=0\n")


def test_force_stop_and_kill(on_bench: OnBench) -> None:
    """Force-stop ends what is in front; kill spares it."""

    async def script(bench: Bench) -> list[int]:
        counts = []
        for command in ("kill", "force-stop", "force-stop"):
            result = await bench.run("am", command, "com.miui.home")
            assert (result.status, result.out, result.err) == (0, "", "")
            counts.append(len(bench.device.activities.stack))
        return counts

    assert on_bench(script) == [1, 0, 0]


def test_crash_and_exit_info(on_bench: OnBench) -> None:
    """By package or pid, without a word; the history tells, of one package or of all."""

    async def script(bench: Bench) -> tuple[list[str], str, str, str]:
        told = []
        for by_pid in (False, True):
            process = bench.device.processes.by_name("com.miui.home")
            assert process is not None
            result = await bench.run("am", "crash", str(process.pid) if by_pid else process.name)
            told.append(f"{result.status}{result.out}{result.err}")
            bench.device.activities.home()
            await bench.until_focused("com.miui.home")
        told.append((await bench.run("am", "crash", "org.nobody")).out)
        log = (await bench.run("logcat", "-d", "-b", "crash", "-v", "raw")).out
        ends = [(await bench.run("dumpsys", "activity", "exit-info", *words)).out for words in (["com.miui.home"], [])]
        return told, log, ends[0], ends[1]

    told, log, ends, all_ends = on_bench(script)
    assert told == ["0", "0", ""]
    assert log.count("android.app.RemoteServiceException$CrashedByAdbException: shell-induced crash\n") == 2
    assert ends.count("reason=4 (APP CRASH(EXCEPTION))") == 2
    assert all_ends.splitlines()[2:] == ends.splitlines()[2:]


def test_small_questions(on_bench: OnBench) -> None:
    """The current user, and calls that are wrong."""
    assert am(on_bench, "get-current-user").out == "0\n"
    assert "No intent supplied" in am(on_bench, "start").err
    assert am(on_bench, "force-stop", "--fast", "x").err == "Error: Unknown option: --fast\n"


def test_dumps_name_the_activity_in_front(on_bench: OnBench) -> None:
    """activities, top and processes, each with its header."""

    async def script(bench: Bench) -> list[str]:
        return [(await bench.run("dumpsys", "activity", part)).out for part in ("activities", "top", "processes")]

    activities, top, processes = on_bench(script)
    assert activities.startswith("ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)\n")
    assert re.search(
        r"topResumedActivity=ActivityRecord\{[0-9a-f]+ u0 com\.miui\.home/\.launcher\.Launcher t\d+\}", activities
    )
    assert re.search(r"ACTIVITY com\.miui\.home/\.launcher\.Launcher [0-9a-f]+ pid=\d+", top)
    assert re.search(r"ProcessRecord\{[0-9a-f]+ \d+:com\.miui\.home/u0a\d+\}", processes)


def test_services_echo_no_name(on_bench: OnBench) -> None:
    """A service that does not run is not named: tools take its name for a running one."""

    async def script(bench: Bench) -> str:
        return (await bench.run("dumpsys", "activity", "services", "io.appium.settings")).out

    assert on_bench(script) == "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  (nothing)\n"


def test_services_are_started_listed_and_stopped(on_bench: OnBench) -> None:
    """In the words of AOSP; a filter names a package or a whole component, and nothing that matches says so."""

    async def script(bench: Bench) -> None:
        packages = bench.device.packages
        package = packages.get("com.miui.home")
        assert package is not None
        package.services = (Component("com.miui.home.Watch", exported=True, enabled=True),)
        nothing = "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  (nothing)\n"
        assert (await bench.run("dumpsys", "activity", "services")).out == nothing
        started = await bench.run(
            "am", "start-foreground-service", "--user", "0", "-e", "k", "v", "com.miui.home/.Watch"
        )
        assert (started.status, started.out) == (
            0,
            "Starting service: Intent { act=android.intent.action.MAIN cat=[android.intent.category.LAUNCHER] "
            "cmp=com.miui.home/.Watch (has extras) }\n",
        )
        listed = (await bench.run("dumpsys", "activity", "services", "com.miui.home")).out
        assert "u0 com.miui.home/.Watch}\n" in listed
        assert "    isForeground=true foregroundId=1\n" in listed
        assert (await bench.run("dumpsys", "activity", "services", "com.miui.home/.Other")).out == nothing
        stopped = [await bench.run("am", "stopservice", "-n", "com.miui.home/.Watch") for _ in range(2)]
        assert [each.err for each in stopped] == ["Service stopped\n", "Service not stopped: was not running.\n"]
        absent = await bench.run("am", "startservice", "-n", "com.miui.home/.Absent")
        assert (absent.status, absent.err) == (255, "Error: Not found; no service started.\n")

    on_bench(script)
