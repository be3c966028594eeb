"""Runs with workers whose handsets fail, and that die themselves: nothing is lost, hidden or blamed on the build.

The tests are in Python and leave their handsets alone, so that a run costs what pytest and its workers do.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

if TYPE_CHECKING:
    from conftest import Project, Run

MANY = """
import os
import time
from pathlib import Path
import pytest
from framework.contract.errors import HandsetError

WORKER = os.environ["PYTEST_XDIST_WORKER"]

@pytest.fixture(scope="module")
def shared():
    Path(f"up-{WORKER}").touch(exist_ok=False)
    ends = time.monotonic() + 60
    while len(list(Path().glob("up-*"))) < 2 and time.monotonic() < ends:
        time.sleep(0.01)
    yield
    assert Path("good").exists(), "what was shared ended badly"

@pytest.mark.parametrize("number", range(12))
def test_many(number, shared):
    with open("begun.txt", "a") as begun:
        begun.write(f"{number} {WORKER}\\n")
    %s
"""
STANDS_IN = """
from pathlib import Path
import pytest
from framework.contract.errors import HandsetError

@pytest.mark.parametrize("number", range(4))
def test_many(number, handset):
    first = Path("first.txt")
    if not first.exists():
        first.write_text(handset.identity.name)
    if handset.identity.name == first.read_text():
        raise HandsetError(handset.identity.name, "it has gone black")
"""
HOLE = """if WORKER == "gw0":
        raise HandsetError("fold", "it has gone black")
    ends = time.monotonic() + 60
    while Path("begun.txt").read_text().count("gw0") < 2 and time.monotonic() < ends:
        time.sleep(0.01)
"""
DEAD = "os._exit(3)"
ONE_BAD = "assert number != 2; time.sleep(1)"


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory, project_in: type[Project]) -> Iterator[Project]:
    """Two handsets, which outlive the runs."""
    made = project_in(tmp_path_factory.mktemp("farm"))
    with virtual_handsets([VirtualRequest("fold", "xiaomi-mix-fold-3"), VirtualRequest("ten", "xiaomi-10")]) as started:
        lines = (
            f"  - {{name: {each.name}, kind: tcp, address: '{each.adb}', appium: '{each.appium}'}}\n"
            for each in started.endpoints()
        )
        made.write("pytest.ini", "[pytest]\n")
        made.write("devices.yaml", f"handsets:\n{''.join(lines)}")
        yield made


def run(farm: Project, body: str, *arguments: str, good: bool = True) -> Run:
    for left in [*farm.folder.glob("up-*"), *farm.folder.glob("begun.txt"), *farm.folder.glob("good")]:
        left.unlink()
    if good:
        farm.write("good", "")
    farm.write("suites/test_many.py", MANY % body)
    return farm.run("suites", "-n", "2", *arguments)


def concluded(farm: Project) -> list[dict[str, Any]]:
    return [record for record in farm.journal() if record["kind"] == "Concluded"]


def begun(farm: Project) -> list[str]:
    return (farm.folder / "begun.txt").read_text().splitlines()


def test_a_black_hole(farm: Project) -> None:
    """A handset that fails everything at once fails two tests and is quarantined; both pass on the other handset.

    They are told as rerun, in the terminal, in the summary and in JUnit's XML, where each test stands once. They are no
    failures: neither `-x` nor `--lf` knows of them.
    """
    done = run(farm, HOLE, "--junitxml=junit.xml", "-x", "-p", "cacheprovider")
    assert (done.exit, "12 passed, " in done.out, ", 2 rerun in " in done.out) == (0, True, True), done.out
    assert (done.out.count("\nRERUN  "), done.out.count("\nrerun     suites/")) == (2, 2)
    assert "unusable  fold was quarantined: " in done.out
    assert "it has gone black" in done.out
    assert Counter(line.split()[1] for line in begun(farm)) == {"gw0": 2, "gw1": 12}
    assert Counter(record["verdict"] for record in concluded(farm)) == {"PASS": 12}
    assert sorted(record["attempts"] for record in concluded(farm)) == [1] * 10 + [2] * 2
    cases = list(ET.parse(farm.folder / "junit.xml").getroot()[0])
    assert (len(cases), sum("it has gone black" in ET.tostring(case, "unicode") for case in cases)) == (12, 2)
    assert not (farm.folder / ".pytest_cache/v/cache/lastfailed").exists()


def test_what_tests_share_is_made_once(farm: Project) -> None:
    """A fixture of the module is kept for the worker's next test; an error at its end is told as one of teardown.

    It came when each test was over: it counts, and each has the one verdict that it had.
    """
    done = run(farm, "pass", good=False)
    assert (done.exit, "12 passed, 2 errors" in done.out) == (1, True), done.out
    assert "what was shared ended badly" in done.out
    assert Counter(record["verdict"] for record in concluded(farm)) == {"PASS": 12}
    assert done.out.count("teardown  FAIL: suites/test_many.py::test_many[") == 2


def test_workers_that_die_and_are_not_replaced(farm: Project) -> None:
    """Each costs the test that it ran; the rest is NOT_RUN with the reason, in the journal and in Allure's results."""
    done = run(farm, DEAD, "--max-worker-restart=0")
    assert (done.exit, "12 failed, 2 rerun" in done.out) == (6, True), done.out
    assert Counter(record["verdict"] for record in concluded(farm)) == {"NOT_RUN": 10, "LAB": 2}
    reasons = {record["reasons"][-1] for record in concluded(farm)}
    assert all("fold has no worker: the last one died and was not replaced" in reason for reason in reasons)
    statuses = Counter(result["status"] for result in farm.results())
    assert statuses == {"skipped": 10, "broken": 2}
    assert "INTERNALERROR" not in done.out


def test_workers_that_die_before_they_have_collected(farm: Project) -> None:
    """The lab's fault, with exit code 6 and the reason: which tests there are is not known."""
    farm.write(
        "suites/conftest.py", "import os\ndef pytest_collection(): 'PYTEST_XDIST_WORKER' in os.environ and os._exit(3)"
    )
    done = run(farm, "pass", "--max-worker-restart=1")
    (farm.folder / "suites/conftest.py").unlink()
    assert (done.exit, "every worker ended before it had collected the tests" in done.out) == (6, True), done.out
    assert (concluded(farm), "INTERNALERROR" in done.out) == ([], False)


def test_workers_that_collect_different_tests(farm: Project) -> None:
    """A test goes only to a worker that has collected it, and one that the run has begun without is NOT_RUN."""
    farm.write(
        "suites/conftest.py",
        "import os\n"
        "def pytest_collection_modifyitems(items):\n"
        "    own = {'gw0': items[:10], 'gw1': items[2:]}\n"
        "    items[:] = own.get(os.environ.get('PYTEST_XDIST_WORKER'), items)\n",
    )
    done = run(farm, "pass")
    (farm.folder / "suites/conftest.py").unlink()
    assert (done.exit, "10 passed" in done.out, "INTERNALERROR" in done.out) == (6, True, False), done.out
    assert "has collected other tests than the first worker: 2 of the run are missing, 2 are not of the run" in done.out
    assert len({record["id"] for record in concluded(farm)}) == len(concluded(farm)) == 12
    assert Counter(record["verdict"] for record in concluded(farm)) == {"PASS": 10, "NOT_RUN": 2}


def test_after_x_no_test_begins(farm: Project) -> None:
    """What runs ends, and nothing else begins, on any handset; what was stopped has its conclusion in the journal."""
    done = run(farm, ONE_BAD, "-x")
    failed = next(index for index, line in enumerate(begun(farm)) if line.startswith("2 "))
    assert (done.exit, "1 failed" in done.out, len(begun(farm)) <= failed + 2) == (2, True, True), done.out
    left = [record for record in concluded(farm) if record["verdict"] == "NOT_RUN"]
    assert (len(concluded(farm)), len(left)) == (12, 12 - len(begun(farm)))
    assert {record["reasons"][0] for record in left} == {"the run was stopped after 1 failure"}


def test_another_handset_stands_in(farm: Project) -> None:
    """One worker, two handsets: when the first fails everything, the worker goes on with the second."""
    farm.write("suites/test_many.py", STANDS_IN)
    done = farm.run("suites", "-n", "1")
    assert (done.exit, "4 passed, 2 rerun" in done.out, "takes the place of" in done.out) == (0, True, True), done.out
    assert [record["attempts"] for record in concluded(farm)].count(2) == 2
