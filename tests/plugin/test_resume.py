"""`pytest --resume`: runs that are really killed, and what becomes of them afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

import pytest
from support.waiting import until

from framework.journal.runs import read_run
from framework.journal.trace import read_trace

if TYPE_CHECKING:
    from conftest import Project

STARTED_WITHIN_S = 120.0
ENDS_WITHIN_S = 180.0

pytestmark = pytest.mark.timeout(400)
"""Several runs each, one after the other, on a machine that may be busy."""

WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
WRONG = 'scenario: wrong\nsteps:\n  - {text: "What is 1 + 1?", via: intent, expect: {contains: "3"}}\n'
LONG = "scenario: long\nrepeat: %d\nsteps:\n" + '  - {text: "What is 1 + 1?", via: intent}\n' * 10


class Run(NamedTuple):
    exit: int
    out: str


Records = list[dict[str, Any]]


def kill(project: Project, when: Callable[[Records], bool], command: list[str]) -> None:
    """Start a run, and kill -9 its controller when the journal says so."""
    with (project.folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(command, cwd=project.folder, stdout=out, stderr=out)
        try:
            until(lambda: process.poll() is not None or when(journal(project)), "it never came", STARTED_WITHIN_S)
            assert process.poll() is None, (project.folder / "out.txt").read_text()
        finally:
            process.kill()
            process.wait()


def journal(project: Project) -> Records:
    path = project.folder / "reports/latest/journal.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def of_kind(records: Records, kind: str) -> Records:
    return [record for record in records if record["kind"] == kind]


def verdicts(project: Project) -> Counter[tuple[str, str]]:
    """(file, verdict) → how often that was concluded."""
    concluded = of_kind(journal(project), "Concluded")
    return Counter((record["id"].partition("::")[0], record["verdict"]) for record in concluded)


def turns_of(records: Records, file: str, run: int) -> int:
    """How many turns of a scenario have ended since the run was begun for the `run`-th time."""
    begun = 0
    turns = 0
    for record in records:
        begun += record["kind"] == "RunBegan"
        turns += begun == run and record["kind"] == "TurnFinished" and record["unit"]["file"] == file
    return turns


def bare(*arguments: str) -> list[str]:
    """Without the build and what else a project's command gives: a run that is continued knows them."""
    return [sys.executable, "-m", "pytest", *arguments]


def resume(project: Project, *arguments: str, run: str = "latest") -> Run:
    command = bare("--resume", run, *arguments)
    done = subprocess.run(
        command, cwd=project.folder, capture_output=True, text=True, timeout=ENDS_WITHIN_S, check=False
    )
    return Run(done.returncode, done.stdout + done.stderr)


@WORKERS
def test_a_killed_run_is_continued(project: Project, workers: tuple[str, ...]) -> None:
    """Killed in the middle of a scenario, continued, killed again there, continued: each test has one verdict.

    What was found out stays and counts for the exit code; a scenario that had begun is made anew, and its recordings
    are kept aside; Allure has one result of each. Where all is finished, nothing is run, and the exit code is the same.
    """
    project.scenario("a_wrong", WRONG)
    project.scenario("b_long", LONG % 2)
    project.write("suites/test_c.py", "def test_c(handset): pass\n")
    kill(project, lambda told: turns_of(told, "suites/b_long.yaml", 1) > 12, project.command("suites", *workers))
    run_folder = (project.folder / "reports/latest").resolve()
    (run_folder / "allure-results/half-result.json.tmp").write_text('{"uuid":')
    kill(project, lambda told: turns_of(told, "suites/b_long.yaml", 2) > 3, bare("--resume", run_folder.name))
    done = resume(project, "-v")
    expected = {("suites/a_wrong.yaml", "FAIL"), ("suites/b_long.yaml", "PASS"), ("suites/test_c.py", "PASS")}
    assert (done.exit, verdicts(project)) == (1, Counter(dict.fromkeys(expected, 1))), done.out
    assert (project.folder / "reports/latest").resolve() == run_folder
    assert "2 PASS, 1 FAIL" in done.out
    assert "kept      FAIL suites/a_wrong.yaml::wrong: turn 1: reply contains '3'" in done.out
    assert Counter(result["name"] for result in project.results()) == {"wrong": 1, "long": 1, "test_c": 1}
    assert not list((run_folder / "allure-results").glob("*.tmp"))
    aside = [read_trace(path) for path in sorted((run_folder / "interrupted").rglob("trace.jsonl"))]
    assert [recording.finished for recording in aside][:2] == [True, False]
    assert {recording.unit.id for recording in aside} == {"suites/b_long.yaml::long"}
    again = resume(project)
    assert (again.exit, "3 of 3 tests are finished" in again.out, verdicts(project)) == (
        1,
        True,
        Counter(dict.fromkeys(expected, 1)),
    ), again.out


def test_an_interrupted_run_is_continued(project: Project) -> None:
    """Ctrl+C, or `-x`: what was not run is run, and a test that is gone meanwhile is told and not waited for."""
    project.scenario("a_wrong", WRONG)
    project.scenario("b_sum")
    project.scenario("c_gone")
    project.scenario("d_other")
    stopped = project.run("suites", "-x", "-k", "not other")
    assert (stopped.exit, verdicts(project)) == (1, {("suites/a_wrong.yaml", "FAIL"): 1}), stopped.out
    (project.folder / "suites/c_gone.yaml").unlink()
    partly = resume(project, "-k", "nothing")
    assert (partly.exit, "no longer collected" in str(journal(project))) == (1, False), partly.out
    done = resume(project)
    expected = {("suites/a_wrong.yaml", "FAIL"), ("suites/b_sum.yaml", "PASS"), ("suites/c_gone.yaml", "NOT_RUN")}
    assert (done.exit, verdicts(project)) == (1, Counter(dict.fromkeys(expected, 1))), done.out


def test_what_cannot_be_continued_is_said(project: Project) -> None:
    """Exit code 4 and one line with the mend: no such run, one that is alive, one of another build, from elsewhere."""
    project.scenario("long", LONG % 200)
    none = resume(project)
    assert (none.exit, "no run 'latest'; there is none in" in none.out) == (4, True), none.out
    process = project.start("suites")
    try:
        until(lambda: bool(of_kind(journal(project), "TurnFinished")), "it never came", STARTED_WITHIN_S)
        alive = resume(project)
        assert (alive.exit, f"is still being written: pid {process.pid}, " in alive.out) == (4, True), alive.out
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
    name = (project.folder / "reports/latest").resolve().name
    missing = resume(project, run="yesterday")
    assert (missing.exit, f"no run 'yesterday'; the last ones are {name}" in missing.out) == (4, True), missing.out
    spec = (Path(__file__).parents[2] / "suites/builds/compact/build.yaml").read_text(encoding="utf-8")
    other = project.write("other/build.yaml", spec.replace("version: 1.0.0", "version: 2.0.0"))
    refused = resume(project, "--build", str(other))
    assert (refused.exit, "is of compact 1.0.0, and the build is now compact 2.0.0" in refused.out) == (4, True), (
        refused.out
    )
    elsewhere = subprocess.run(
        [sys.executable, "-m", "pytest", "--resume", str(project.folder / "reports" / name)],
        cwd=project.folder / "suites",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = f"was begun elsewhere: cd {project.folder}"
    assert (elsewhere.returncode, said in elsewhere.stderr) == (4, True), elsewhere.stderr
    misled = resume(project, "--build", str(Path(__file__).parents[2] / "suites/builds/compact/build.yaml"))
    assert (misled.exit, "write it in one word (--build=PATH)" in misled.out) == (4, True), misled.out


@WORKERS
def test_a_handset_that_outlives_the_run_is_had_again(project: Project, workers: tuple[str, ...]) -> None:
    """Continued at once: the lease of the killed run is just being freed; it is waited for."""
    up = [str(Path(sys.executable).parent / "farm"), "virtual", "up", "fold", "ten", "--speed", "40", "--json"]
    with subprocess.Popen(up, cwd=project.folder, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as virtual:
        assert virtual.stdout is not None
        entries = []
        for number in range(2):
            at = json.loads(virtual.stdout.readline())
            entries.append(f"  - {{name: rack{number}, kind: tcp, address: '{at['adb']}', appium: '{at['appium']}'}}\n")
        project.write("devices.yaml", "handsets:\n" + "".join(entries))
        project.scenario("a_sum")
        project.scenario("b_long", LONG % 1)
        try:
            kill(project, lambda told: turns_of(told, "suites/b_long.yaml", 1) > 3, project.command("suites", *workers))
            done = resume(project)
            assert (done.exit, "2 PASS" in done.out) == (0, True), done.out
        finally:
            os.kill(virtual.pid, signal.SIGINT)
            virtual.wait()


MIXED = """
import pathlib, time
import pytest
from framework.contract.errors import HandsetError

@pytest.fixture
def badly_left():
    yield
    assert False, "it does not end well"

def test_good(): pass
def test_wrong(): assert 1 == 2
def test_left(badly_left): pass
@pytest.mark.skip(reason="not for us")
def test_skipped(): pass
@pytest.mark.needs(foldable=True)  # one handset can run it, so one attempt is all
def test_lab():
    if not pathlib.Path("mended").exists():
        raise HandsetError("rack", "its plug is out")
@pytest.mark.needs(foldable=False)  # not where the others wait for it
def test_slow():
    while not pathlib.Path("go").exists():
        time.sleep(0.01)
"""
ENDS = {"test_good": None, "test_wrong": "failure", "test_left": "failure", "test_skipped": "skipped"}


def in_xml(path: Path) -> list[tuple[str, str | None]]:
    """Each testcase with what is said against it."""
    cases = ElementTree.parse(path).getroot().iter("testcase")
    return sorted((case.attrib["name"], next((each.tag for each in case if each.tag in TAGS), None)) for case in cases)


TAGS = ("failure", "error", "skipped")


def test_the_whole_run_is_told_to_others(project: Project) -> None:
    """JUnit's XML of a continued run has every test of it once, those of before with how they ended then.

    What ended LAB is finished: it is kept, and `--lf` runs it again, once the lab is mended, with all that failed, also
    where the run that found it was killed.
    """
    project.write("suites/test_mixed.py", MIXED)
    command = project.command("suites", "--junitxml=told.xml", "-n", "2")
    at = command.index("no:cacheprovider")
    del command[at - 1 : at + 1]
    kill(project, lambda told: len(of_kind(told, "Concluded")) == 5, command)
    assert not (project.folder / "told.xml").exists()
    project.write("go", "")
    project.write("mended", "")
    done = resume(project)
    ends = {**ENDS, "test_lab": "failure", "test_slow": None}
    assert (done.exit, in_xml(project.folder / "told.xml")) == (1, sorted(ends.items())), done.out
    suite = next(ElementTree.parse(project.folder / "told.xml").getroot().iter("testsuite")).attrib
    assert [suite[name] for name in ("tests", "failures", "errors", "skipped")] == ["6", "3", "0", "1"]
    assert "1 LAB" in done.out
    again = subprocess.run(
        [*command, "--lf"], cwd=project.folder, capture_output=True, text=True, timeout=ENDS_WITHIN_S, check=False
    )
    failed = {"test_wrong": "failure", "test_left": "error", "test_lab": None}
    assert in_xml(project.folder / "told.xml") == sorted(failed.items()), again.stdout


def test_what_nothing_has_run_is_open_again(project: Project) -> None:
    """Stopped by `-x`, the rest is NOT_RUN in the journal and in Allure; continued, each has the verdict of its run."""
    tests = "".join(f"def test_{name}(): assert {name != 'a'}\n" for name in "abc")
    project.write("suites/test_x.py", tests)
    stopped = project.run("suites", "-x", "-n", "1")
    expected = {"FAIL": 1, "NOT_RUN": 2}
    assert (stopped.exit, Counter(record["verdict"] for record in of_kind(journal(project), "Concluded"))) == (
        2,
        expected,
    ), stopped.out
    assert sorted(result["status"] for result in project.results()) == ["failed", "skipped", "skipped"]
    done = resume(project, "--maxfail=0")
    ends = {test: end.verdict.value for test, end in read_run(project.folder / "reports/latest").conclusions.items()}
    assert sorted(ends.values()) == ["FAIL", "PASS", "PASS"], done.out
    assert sorted(result["status"] for result in project.results()) == ["failed", "passed", "passed"]
    assert len(of_kind(journal(project), "Reopened")) == 1


KILLED = """
import os, pathlib, signal
import allure_commons, pytest

class Killed:
    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result):
        if result.name == "test_b" and not pathlib.Path("killed").exists():
            pathlib.Path("killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)

def pytest_configure(config):
    if hasattr(config, "workerinput"):
        allure_commons.plugin_manager.register(Killed())
"""


def test_what_a_worker_could_not_tell_allure_is_told_for_it(project: Project) -> None:
    """Killed when it had reported of its test and not written the result: the verdict holds, and Allure has it, too."""
    project.write("suites/conftest.py", KILLED)
    project.write("suites/test_x.py", "def test_a(): pass\ndef test_b(): pass\ndef test_c(): pass\n")
    run = project.run("suites", "-n", "1")
    assert (run.exit, (project.folder / "killed").exists()) == (0, True), run.out
    told = sorted((result["name"], result["status"]) for result in project.results())
    assert told == [("test_a", "passed"), ("test_b", "passed"), ("test_c", "passed")]
