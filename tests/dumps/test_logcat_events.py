"""Kills, hangs and crashes in a log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.logcat import parse
from framework.dumps.logcat_events import JavaCrash, LowMemoryKill

JAVA = """01-01 00:00:00.000   5   5 E AndroidRuntime: FATAL EXCEPTION: main
01-01 00:00:00.000   5   5 E AndroidRuntime: Process: a.b, PID: 5
01-01 00:00:00.000   9   9 I Other: between
01-01 00:00:00.000   5   5 E AndroidRuntime: java.lang.OutOfMemoryError: no
01-01 00:00:00.000   5   5 E AndroidRuntime: \tat a.b.C.d(C.java:1)
"""
ANRS = """01-01 00:00:00.000   5   5 E ActivityManager: ANR in a.b (a.b/.Main)
01-01 00:00:00.000   5   5 E ActivityManager: PID: 70
01-01 00:00:00.000   5   5 E ActivityManager: ANR in c.d
01-01 00:00:00.000   5   5 E ActivityManager: Reason: slow
"""


def test_a_java_crash() -> None:
    """Process and exception, with other entries in between."""
    assert parse(JAVA).java_crashes == (JavaCrash(1, "a.b", 5, "java.lang.OutOfMemoryError: no"),)


def test_reports_are_kept_apart() -> None:
    """The second ANR's lines are not the first one's, and what it does not tell is None."""
    first, second = parse(ANRS).anrs
    assert (first.process, first.component, first.pid, first.reason) == ("a.b", "a.b/.Main", 70, None)
    assert (second.process, second.component, second.pid, second.reason) == ("c.d", None, None, "slow")
    assert (second.waited_ms, second.uptime_s, second.pressure) == (None, None, ())


def test_a_kill_needs_the_tag_of_the_killer() -> None:
    """Another process that prints the same words kills nobody."""
    text = "I %s: Kill 'a' (1), uid 2, oom_score_adj 3 to free 4kB rss, 5kB swap; reason: cw\n"
    assert parse(text % "Other").low_memory_kills == ()
    assert parse(text % "lowmemorykiller").low_memory_kills == (
        LowMemoryKill(1, "kill", "a", 1, 2, 3, None, 4, None, 5, None, None, "cw"),
    )


@pytest.mark.parametrize(
    ("name", "action", "pids"),
    [
        ("flutter161070__samsung_lmkd_reclaim_not_kill", "reclaim", [591, 3615, 3566]),
        ("chromeos_tast__arc_lmkd_line", "kill", [3579]),
        ("rknn249__rk3588_lmkd", "kill", [10280, 10306, 10373, 10421]),
        ("vehicleassistant__litertlm_lmkd_A15_fields", "kill", [17757]),
    ],
)
def test_real_kills(capture: Callable[[str], str], name: str, action: str, pids: list[int]) -> None:
    """Whom lmkd chose on four real handsets."""
    found = parse(capture(f"logcat/{name}.txt")).low_memory_kills
    assert ([kill.pid for kill in found], {kill.action for kill in found}) == (pids, {action})


def test_details_of_real_kills(capture: Callable[[str], str]) -> None:
    """New fields, a missing reason, a process name with a colon, Samsung's state."""
    (kill,) = parse(capture("logcat/vehicleassistant__litertlm_lmkd_A15_fields.txt")).low_memory_kills
    assert (kill.uid, kill.oom_score_adj, kill.rss_kb, kill.anon_rss_kb) == (1010174, 0, 4445960, 3990164)
    assert (kill.swap_kb, kill.dmabuf_pss_kb, kill.dmabuf_rss_kb) == (2413008, 0, 0)
    (kill,) = parse(capture("logcat/chromeos_tast__arc_lmkd_line.txt")).low_memory_kills
    assert (kill.oom_score_adj, kill.rss_kb, kill.swap_kb, kill.anon_rss_kb, kill.reason) == (103, 69128, 0, None, None)
    assert parse(capture("logcat/rknn249__rk3588_lmkd.txt")).low_memory_kills[3].process == "system:ui"
    reclaimed = parse(capture("logcat/flutter161070__samsung_lmkd_reclaim_not_kill.txt")).low_memory_kills[0]
    assert (reclaimed.state, reclaimed.rss_kb, reclaimed.swap_kb) == (19, 19252, 52772)


def test_a_real_anr_with_pressure(capture: Callable[[str], str]) -> None:
    """Who hung, how long, and how loaded the handset was; the CPU has no line `full`."""
    (anr,) = parse(capture("logcat/droidify1135__anr_with_psi_A14plus.txt")).anrs
    assert (anr.process, anr.pid, anr.waited_ms) == ("com.looker.droidify", 17681, 5001)
    memory, cpu, _io = (entry.pressure for entry in anr.pressure)
    assert memory.some is not None
    assert memory.full is not None
    assert (memory.some.avg10_percent, memory.some.total_us) == (2.81, 69091820)
    assert (memory.full.avg10_percent, memory.full.total_us) == (0.35, 25408974)
    assert cpu.full is None


def test_an_anr_counts_once() -> None:
    """WindowManager tells of the same one when it begins, before the stacks are written."""
    lines = [
        "11-23 19:23:01.284  1254  1254 I WindowManager: ANR in Window{cc03298 u0 a.b/a.b.C}. Reason:Input dispatching",
        "11-23 19:23:07.589  1254  1254 E ActivityManager: ANR in a.b (a.b/.C)",
        "11-23 19:23:07.589  1254  1254 E ActivityManager: PID: 4706",
    ]
    (anr,) = parse("\n".join(lines) + "\n").anrs
    assert (anr.process, anr.pid, anr.line) == ("a.b", 4706, 2)


def test_a_real_anr_of_mediatek(capture: Callable[[str], str]) -> None:
    """ANRManager tells no PID, but the uptime."""
    (anr,) = parse(capture("logcat/zxing32__redmi_note4_mtk_anrmanager.txt")).anrs
    assert (anr.process, anr.pid, anr.uptime_s) == ("com.itdksandroid", None, 16682.865)


def test_real_native_crashes(capture: Callable[[str], str]) -> None:
    """The process that crashed, not the one that prints."""
    (found,) = parse(capture("logcat/catapult__native_crash_81.txt")).native_crashes
    crash = found.crash
    assert (crash.pid, crash.tid, crash.process) == (16629, 16629, "com.google.android.apps.chrome")
    assert (crash.signal, crash.code_name, crash.fault_address) == (11, "SEGV_MAPERR", 0)
    (found,) = parse(capture("logcat/mlc1487__xiaomi14pro_native_crash.txt")).native_crashes
    crash = found.crash
    assert (crash.pid, crash.tid, crash.process, crash.signal_name) == (25135, 26495, "ai.mlc.mlcchat", "SIGABRT")
    assert (crash.process_uptime_s, crash.time_ns) == (478, 1703243587_853608828)
