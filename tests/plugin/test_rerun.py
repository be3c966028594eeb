"""A run without xdist over several handsets: what is lost on one is run on another, and what is sick is left alone."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Project

FLEET = """
defaults: {speed: 40}
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3}
  - {name: ten, kind: virtual, profile: xiaomi-10}
  - {name: twin, kind: virtual, profile: xiaomi-mix-fold-3, seed: 3}
"""
LOST = """
from framework.contract.errors import HandsetError
import pytest

def lost_on(handset, *names):
    if handset.identity.name in names:
        raise HandsetError(handset.identity.name, "its cable fell out")
"""


def concluded(project: Project) -> dict[str, tuple[str, str, int]]:
    """Test's name → verdict, handset and attempts; fails where one has more than one conclusion."""
    records = [record for record in project.journal() if record["kind"] == "Concluded"]
    assert max(Counter(record["id"] for record in records).values()) == 1
    return {
        record["id"].rpartition("::")[2]: (record["verdict"], record["handset"], record["attempts"])
        for record in records
    }


def labels(result: dict[str, Any], name: str) -> list[str]:
    return [label["value"] for label in result["labels"] if label["name"] == name]


def test_what_one_handset_loses_runs_on_a_twin_then_on_any(project: Project) -> None:
    """At most three times; a lost attempt is shown, and counts neither as a failure nor for --maxfail.

    In Allure it is a retry of the last attempt, whatever the model. A failure of the product is not run again.
    """
    project.write("devices.yaml", FLEET)
    project.write(
        "suites/test_thin.py",
        LOST
        + "def test_twin(handset): lost_on(handset, 'fold')\n"
        + "def test_well(handset): pass\n"
        + "def test_other(handset): lost_on(handset, 'fold', 'twin')\n"
        + "def test_as_well(handset): pass\n"
        + "def test_last(handset): lost_on(handset, 'fold', 'ten', 'twin')\n"
        + "def test_wrong(handset): assert not handset\n"
        + "def test_not_begun(handset): pass\n",
    )
    run = project.run("suites", "--maxfail=2")
    assert (run.exit, "2 failed, 4 passed, 5 rerun" in run.out) == (1, True), run.out
    assert "RERUN  suites/test_thin.py::test_twin on fold: its cable fell out\n" in run.out
    assert concluded(project) == {
        "test_twin": ("PASS", "twin", 2),
        "test_well": ("PASS", "fold", 1),
        "test_other": ("PASS", "ten", 3),
        "test_as_well": ("PASS", "fold", 1),
        "test_last": ("LAB", "ten", 3),
        "test_wrong": ("FAIL", "fold", 1),
    }
    attempts = sorted(project.results(), key=lambda result: int(result["start"]))
    ran = [(result["name"], result["status"], *labels(result, "thread")) for result in attempts]
    assert [one for one in ran if one[0] == "test_other"] == [
        ("test_other", "broken", "fold"),
        ("test_other", "broken", "twin"),
        ("test_other", "passed", "ten"),
    ]
    assert len({result["historyId"] for result in attempts}) == len({result["name"] for result in attempts})


FILL = """
from framework.plugin.faults import faults_of

def test_fills_it(handset):
    faults_of(handset.target).begin("storage_full")
"""


def test_a_black_hole_fails_nothing(project: Project) -> None:
    """A handset whose storage is full is found out before it has lost a test: the next ones run elsewhere.

    When the last one is gone, what is left is NOT_RUN with the reason, and the run ends with exit code 6.
    """
    for name in ("suites/test_a.py", "suites/test_c.py"):
        project.write(name, FILL)
    project.scenario("b_sum")
    project.scenario("d_sum")
    project.write("suites/test_e.py", "def test_thin(handset): pass\ndef test_without(): pass\n")
    run = project.run(
        "suites/test_a.py", "suites/b_sum.yaml", "suites/test_c.py", "suites/d_sum.yaml", "suites/test_e.py"
    )
    full = "its storage is full: 0 MB are left (free space on /data; `du` shows whether the build itself has filled it)"
    assert (run.exit, "verdicts  4 PASS, 2 NOT_RUN" in run.out) == (6, True), run.out
    assert [
        f"{start}{full}" in run.out
        for start in ("UNFIT  fold: ", "unusable  fold was quarantined: ", "unusable  ten was quarantined: ")
    ] == [True] * 3
    records = {record["id"]: record for record in project.journal() if record["kind"] == "Concluded"}
    assert {test: (each["verdict"], each["handset"], each["attempts"]) for test, each in records.items()} == {
        "suites/test_a.py::test_fills_it": ("PASS", "fold", 1),
        "suites/b_sum.yaml::b_sum": ("PASS", "ten", 1),
        "suites/test_c.py::test_fills_it": ("PASS", "ten", 1),
        "suites/d_sum.yaml::d_sum": ("NOT_RUN", "", 0),
        "suites/test_e.py::test_thin": ("NOT_RUN", "", 0),
        "suites/test_e.py::test_without": ("PASS", "", 1),
    }
    gone = f"no handset is left: fold: {full}; ten: {full}"
    assert [records[test]["reasons"] for test in ("suites/d_sum.yaml::d_sum", "suites/test_e.py::test_thin")] == [
        [gone]
    ] * 2
    skipped = [result for result in project.results() if result["status"] == "skipped"]
    assert [result["statusDetails"]["message"] for result in skipped] == [f"NOT_RUN\n{gone}"] * 2


def test_two_lost_tests_in_a_row_are_one_too_many(project: Project) -> None:
    """A handset that answers, and loses every test, is not used for a third."""
    tests = "".join(f"def test_{letter}(handset): lost_on(handset, 'fold')\n" for letter in "abcd")
    project.write("suites/test_thin.py", LOST + tests)
    run = project.run("suites")
    assert (run.exit, "4 passed, 2 rerun" in run.out) == (0, True), run.out
    assert run.out.count("unusable  fold was quarantined: its cable fell out") == 1
    assert {handset for _, handset, _ in concluded(project).values()} == {"ten"}


def test_what_a_teardown_loses_is_run_again(project: Project) -> None:
    """Its call has passed, and the lab broke its end: no verdict yet. Every test is counted once, wherever."""
    project.write("devices.yaml", FLEET)
    project.write(
        "suites/test_thin.py",
        LOST
        + "@pytest.fixture\n"
        + "def ends(handset):\n    yield\n    lost_on(handset, 'fold')\n"
        + "def test_spoiled(ends): pass\n"
        + "def test_wrong(ends, handset): assert handset.identity.name != 'fold'\n",
    )
    run = project.run("suites", "--junitxml=junit.xml")
    assert (run.exit, "1 failed, 1 passed, 1 error, 1 rerun" in run.out) == (1, True), run.out
    assert concluded(project) == {"test_spoiled": ("PASS", "twin", 2), "test_wrong": ("FAIL", "fold", 1)}
    (suite,) = ET.parse(project.folder / "junit.xml").getroot()
    assert [case.get("name") for case in suite].count("test_spoiled") == 1


def test_a_rerun_that_finds_no_handset_was_lost(project: Project) -> None:
    """Its first attempt counts: LAB, with both reasons."""
    project.write(
        "suites/test_thin.py",
        LOST
        + "from framework.plugin.faults import faults_of\n"
        + "targets = []\n"
        + "def test_opens_fold(handset): pass\n"
        + "@pytest.mark.needs(foldable=False)\n"
        + "def test_opens_ten(handset): targets.append(handset.target)\n"
        + "def test_lost(handset):\n"
        + "    faults_of(targets[0]).begin('storage_full')\n"
        + "    lost_on(handset, 'fold')\n",
    )
    run = project.run("suites", "--handset", "fold", "--handset", "ten")
    assert (run.exit, "verdicts  2 PASS, 1 LAB" in run.out) == (6, True), run.out
    (record,) = [record for record in project.journal() if record["kind"] == "Concluded" and record["verdict"] == "LAB"]
    assert (record["attempts"], record["reasons"][0]) == (1, "fold: its cable fell out")
    assert "no handset is left" in record["reasons"][1]
