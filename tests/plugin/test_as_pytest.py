"""`pytest suites -n auto` behaves as pytest's documentation says: selection, stopping, reports, exit codes.

The handsets outlive the runs, so that each run costs what it does itself.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project, Run

HANDSETS = {"fold": "xiaomi-mix-fold-3", "ten": "xiaomi-10"}
WRONG = """
scenario: %s
steps:
  - {text: What is twelve times seven?, via: intent, expect: {contains: "85"}}
"""
GOOD = ("a_good", "b_good", "d_good", "f_good", "g_good", "h_good")
BAD = ("c_bad", "e_bad")
THIN = "suites/test_thin.py::test_thin"
IN_ALL = len(GOOD) + len(BAD) + 1


def id_of(name: str) -> str:
    return f"suites/{name}.yaml::{name}"


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory, project_in: type[Project]) -> Iterator[Project]:
    """Six scenarios that pass, two that fail, and a test in Python; two handsets."""
    made = project_in(tmp_path_factory.mktemp("farm"))
    requests = [VirtualRequest(name, profile, speed=40) for name, profile in HANDSETS.items()]
    with virtual_handsets(requests) as started:
        lines = (
            f"  - {{name: {each.name}, kind: tcp, address: '{each.adb}', appium: '{each.appium}'}}\n"
            for each in started.endpoints()
        )
        made.write("pytest.ini", "[pytest]\n")
        made.write("devices.yaml", f"handsets:\n{''.join(lines)}")
        for name in GOOD:
            made.scenario(name)
        for name in BAD:
            made.scenario(name, WRONG % name)
        made.write("suites/test_thin.py", "def test_thin(handset):\n    assert handset.identity.emulated\n")
        yield made


def pytest_run(farm: Project, *arguments: str) -> Run:
    return farm.run("suites", "-n", "auto", "-p", "cacheprovider", *arguments)


def concluded(farm: Project) -> dict[str, str]:
    """How each test of the last run ended."""
    return {record["id"]: record["verdict"] for record in farm.journal() if record["kind"] == "Concluded"}


def begun(farm: Project) -> list[str]:
    """The scenarios of the last run, in the order in which handsets began on them."""
    return [record["unit"]["id"] for record in farm.journal() if record["kind"] == "UnitStarted"]


@pytest.fixture(scope="module")
def whole(farm: Project) -> Run:
    """All of it once, which also tells pytest's cache what has failed."""
    return pytest_run(farm, "--junitxml=junit.xml", "--durations=3", "-rA")


def test_all_of_it(farm: Project, whole: Run) -> None:
    """Exit code 1, pytest's own count, and a verdict for each."""
    assert whole.exit == 1, whole.out
    assert f"{len(BAD)} failed, {IN_ALL - len(BAD)} passed" in whole.out
    expected = {id_of(name): "PASS" for name in GOOD} | {id_of(name): "FAIL" for name in BAD} | {THIN: "PASS"}
    assert concluded(farm) == expected


def test_durations(farm: Project, whole: Run) -> None:
    """The slowest are listed, as many as asked for, the slowest first."""
    _, _, listed = whole.out.partition("slowest 3 durations")
    seconds = [float(found) for found in re.findall(r"^([\d.]+)s (?:call|setup|teardown) +suites/", listed, re.M)]
    assert (len(seconds), seconds) == (3, sorted(seconds, reverse=True))


def test_junitxml(farm: Project, whole: Run) -> None:
    """One testcase a test, with what failed, and counts that agree with them."""
    suite = ET.parse(farm.folder / "junit.xml").getroot()[0]
    counts = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": IN_ALL, "failures": len(BAD), "errors": 0, "skipped": 0}
    failed = [case.attrib["name"] for case in suite if case.find("failure") is not None]
    assert (len(suite), sorted(failed)) == (IN_ALL, list(BAD))


def test_the_short_summary_has_each_test_once(whole: Run) -> None:
    """`-rA`, with the reason of what failed."""
    _, _, summary = whole.out.partition("short test summary info")
    assert sorted(re.findall(r"^FAILED \S+?::(\w+)", summary, re.M)) == list(BAD)
    assert len(re.findall(r"^PASSED ", summary, re.M)) == IN_ALL - len(BAD)


@pytest.mark.usefixtures("whole")
def test_lf(farm: Project) -> None:
    """Only what failed last time; the others have no verdict this time."""
    run = pytest_run(farm, "--lf")
    assert (run.exit, concluded(farm)) == (1, {id_of(name): "FAIL" for name in BAD})
    assert f"{len(BAD)} failed" in run.out


@pytest.mark.parametrize(("arguments", "failures"), [(("-x",), 1), (("--maxfail=2",), 2)], ids=["x", "maxfail"])
@pytest.mark.usefixtures("whole")
def test_stopping_early(farm: Project, arguments: Sequence[str], failures: int) -> None:
    """After so many failures each handset ends what it has begun by then, and no more. Exit code 2, as xdist has it.

    With `--ff` what failed last time is begun first: on two handsets both failures.
    """
    run = pytest_run(farm, "--ff", *arguments)
    ended = {test: verdict for test, verdict in concluded(farm).items() if verdict != "NOT_RUN"}
    assert len(concluded(farm)) == IN_ALL
    assert (run.exit, f"stopping after {failures} failures" in run.out, "Pocketfarm" in run.out) == (2, True, True)
    assert sorted(begun(farm)[: len(BAD)]) == [id_of(name) for name in BAD]
    assert sum(verdict == "FAIL" for verdict in ended.values()) >= failures
    assert len(ended) < failures + 2 * len(HANDSETS)


def test_selecting(farm: Project) -> None:
    """By what the name holds, and by id: the others have no verdict."""
    run = pytest_run(farm, "-k", "good or thin", *(f"--deselect={id_of(name)}" for name in GOOD[1:]))
    assert (run.exit, concluded(farm)) == (0, {id_of("a_good"): "PASS", THIN: "PASS"})


def test_nothing_selected(farm: Project) -> None:
    """Exit code 5, as always."""
    assert pytest_run(farm, "-k", "nothing_of_this_name").exit == 5


def test_collect_only(farm: Project) -> None:
    """Every test is listed, and no run begins."""
    before = runs(farm)
    run = pytest_run(farm, "--collect-only", "-q")
    listed = [line for line in run.out.splitlines() if line.startswith("suites/")]
    assert (run.exit, sorted(listed)) == (0, sorted([*map(id_of, (*GOOD, *BAD)), THIN]))
    assert runs(farm) == before


def runs(farm: Project) -> set[Path]:
    folder = farm.folder / "reports"
    return set(folder.iterdir()) if folder.exists() else set()
