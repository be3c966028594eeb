"""However a run ends, nothing of it stays: no process, no lease; what it had found out is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from shutil import rmtree
from statistics import median
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from support.waiting import until

from framework.contract.capabilities import Target
from framework.handset.handset import OpenHandset, open_handset
from framework.journal.trace import read_trace

if TYPE_CHECKING:
    from conftest import Project

MARK = "POCKETFARM_TEST_RUN"
GONE_WITHIN_S = 2.0
HANGS_AFTER_S = 20.0
PAUSE_S = 3.0
"""A second, and what a busy machine may add."""
STARTED_WITHIN_S = 60.0
LONG = """
scenario: long
repeat: 500
steps:
  - {text: "What is 1 + 1?", via: intent}
"""
MANY = "scenario: many turns\nsteps:\n" + '  - {text: "What is 1 + 1?", via: intent}\n' * 400
WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


def marked(mark: str) -> list[int]:
    """The processes that inherited a mark, zombies left out."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def unmeasured() -> dict[str, str]:
    """Users' runs end in time; one that also traces every line and writes its coverage need not."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


@contextmanager
def running(project: Project, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A run in a process group of its own, in the middle of its work; and the mark of all its processes."""
    mark = uuid4().hex
    with (project.folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(
            project.command("suites", *arguments),
            cwd=project.folder,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=unmeasured() | {MARK: mark},
            start_new_session=True,
        )
        try:
            until(lambda: _repetitions(project) >= 3 or process.poll() is not None, "no start", STARTED_WITHIN_S)
            assert process.poll() is None, (project.folder / "out.txt").read_text()
            yield process, mark
        finally:
            for pid in marked(mark):
                os.kill(pid, signal.SIGKILL)
            process.wait()


def _repetitions(project: Project) -> int:
    try:
        return sum(record["kind"] == "RepetitionFinished" for record in project.journal())
    except (OSError, ValueError):
        return 0


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="alone"),
        pytest.param(("-n", "2"), id="workers"),
        pytest.param(("--appium", "auto"), id="appium", marks=pytest.mark.foreign),
    ],
)
def test_kill_leaves_no_process(project: Project, arguments: tuple[str, ...], request: pytest.FixtureRequest) -> None:
    """kill -9 of pytest: after 2 s none of its processes is left, workers and virtual handsets included.

    An Appium server of the run ends its sessions first.
    """
    project.scenario("long", LONG)
    if "--appium" in arguments:
        request.getfixturevalue("appium")
    with running(project, *arguments) as (process, mark):
        process.kill()
        process.wait()
        until(lambda: not marked(mark), "processes are left", GONE_WITHIN_S * (5 if "--appium" in arguments else 1))


@WORKERS
def test_interrupt_ends_soon_and_keeps_the_results(project: Project, workers: tuple[str, ...]) -> None:
    """Ctrl+C ends a run within 2 s: the best of three, for other programs may be keeping this machine busy."""
    project.scenario("long", LONG)
    took = [interrupt(project, *workers)]
    while min(took) > GONE_WITHIN_S and len(took) < 3:
        took.append(interrupt(project, *workers))
    assert min(took) <= GONE_WITHIN_S


def interrupt(project: Project, *arguments: str) -> float:
    """Seconds from Ctrl+C to the end: exit code 2, no process left, and in the journal what was finished before."""
    rmtree(project.folder / "reports", ignore_errors=True)
    with running(project, *arguments) as (process, mark):
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        process.wait(HANGS_AFTER_S)
        took = time.monotonic() - began
        assert (process.returncode, marked(mark)) == (2, [])
    assert _repetitions(project) >= 3
    return took


def test_kill_frees_the_handset(project: Project) -> None:
    """A handset that outlives the run is free when the run is killed, asleep and set as it was found."""
    up = [str(Path(sys.executable).parent / "farm"), "virtual", "up", "fold", "--speed", "20", "--json"]
    with subprocess.Popen(up, cwd=project.folder, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as virtual:
        assert virtual.stdout is not None
        endpoint = json.loads(virtual.stdout.readline())
        project.write(
            "devices.yaml",
            f"handsets:\n  - {{name: rack, kind: tcp, address: '{endpoint['adb']}', appium: '{endpoint['appium']}'}}\n",
        )
        project.scenario("long", LONG)
        with open_handset(Target("rack", adbd=endpoint["adb"])) as handset:
            handset.shell.run("input", "keyevent", "SLEEP", check=True)
            found = state(handset)
            with running(project) as (process, _):
                assert handset.holder() is not None
                changed = {name for name, value in state(handset).items() if value != found.get(name)}
                assert changed >= {"zen_mode", "window_animation_scale", "screen_brightness", "mWakefulness"}
                process.kill()
                until(lambda: handset.holder() is None, "still leased", 10)
                assert state(handset) == found
        virtual.send_signal(signal.SIGINT)
        assert virtual.wait(10) == 0


def state(handset: OpenHandset) -> dict[str, str]:
    """All settings by name, and whether the screen is on."""
    script = "for n in system secure global; do settings list $n; done; dumpsys power | grep mWakefulness="
    lines = handset.shell.script(script, check=True).text.splitlines()
    return {name.strip(): value for name, _, value in (line.partition("=") for line in lines)}


def test_a_handset_that_dies_is_replaced(project: Project) -> None:
    """The scenario that it dies under is run again on the next one, and so are those after it."""
    project.scenario("a_long", LONG.replace("500", "8"))
    project.scenario("b_sum")
    with running(project) as (process, mark):
        (virtual,) = [pid for pid in marked(mark) if b"virtual.host" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        os.kill(virtual, signal.SIGKILL)
        assert process.wait(3 * STARTED_WITHIN_S) == 0
    out = (project.folder / "out.txt").read_text()
    expected = (
        "verdicts  2 PASS",
        "RERUN  suites/a_long.yaml::long on fold: ",
        "b_sum · ten",
        "unusable  fold was quarantined: ",
    )
    assert [words in out for words in expected] == [True] * len(expected), out


def test_kill_leaves_the_recording(project: Project) -> None:
    """kill -9 in the middle of a repetition: turns, samples and events are read, up to the last second."""
    project.scenario("many", MANY)
    path = project.folder / "reports/latest/units/suites-many/fold/1-1/trace.jsonl"
    process = subprocess.Popen(
        project.command("suites"), cwd=project.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: path.exists() and _pieces(path) > 2, "nothing is recorded", STARTED_WITHIN_S)
    finally:
        process.kill()
        process.wait()
    recording = read_trace(path)
    trace = recording.repetition.trace
    assert trace is not None
    assert _usual_pause(path) < PAUSE_S
    assert (recording.finished, len(recording.repetition.turns) > 3) == (False, True)
    assert {"skin_c", "rss_mb", "cpu0_mhz"} <= set(trace.series)
    assert {"request", "first_token", "reply"} <= {event.event for event in trace.events}
    farm = str(Path(sys.executable).parent / "farm")
    told = subprocess.run([farm, "trace", str(path)], capture_output=True, text=True, timeout=30, check=True)
    assert "unfinished · repetition 1" in told.stdout


def _usual_pause(path: Path) -> float:
    """Seconds of host time between two pieces of a recording: what a kill at the worst time costs."""
    records = [json.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    times = [float(record["at"]) for record in records if record["kind"] == "piece"]
    return median(after - before for before, after in pairwise(times))


def _pieces(path: Path) -> int:
    return path.read_bytes().count(b'"kind":"piece"')
