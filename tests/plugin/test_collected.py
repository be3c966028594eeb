"""What workers tell of the tests that they have collected, and the marker that says what a test in Python needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.contract.needs import Needs
from framework.plugin.collected import Test, read_tests, write_tests

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project

MARKED = """
import pytest

pytestmark = pytest.mark.needs(ram_gb=8)

@pytest.mark.needs(foldable=True, tags=["flagship"])
def test_fold(assistant): pass

def test_any(assistant): pass

@pytest.mark.needs(ram_gb=">=64")
def test_huge(assistant): pass
"""
MEASURED = """
scenario: fast
needs: {foldable: false}
steps:
  - {text: What is 1 + 1?, expect: {total_ms: 60000}}
"""


def test_tests_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Every field survives; before anything was collected there are none."""
    tests = (Test("a.yaml::A[X]", "a.yaml", Needs(ram_gb=">=8", tags=("new",)), True, "X"), Test("b", "b.py", Needs()))
    before = read_tests(tmp_path)
    write_tests(tmp_path, list(tests))
    assert (before, read_tests(tmp_path)) == ((), tests)


def test_what_runs_is_told_with_its_needs(project: Project) -> None:
    """Scenarios and tests in Python, without those that -k deselects; a test whose needs nothing has is NOT_RUN.

    The markers of class and module hold, the closer one first; `--strict-markers` knows the marker.
    """
    project.scenario("sum")
    project.scenario("fast", MEASURED)
    project.write("suites/test_thin.py", MARKED)
    run = project.run("suites", "-n", "2", "-k", "not any", "--strict-markers", "-rs")
    assert (run.exit, "NOT_RUN: no handset can run it: the nearest, fold, lacks ram_gb >=64 (has 16)" in run.out) == (
        0,
        True,
    ), run.out
    fold = Needs(ram_gb="8", foldable=True, tags=("flagship",))
    assert {test.id: (test.needs, test.measured) for test in read_tests(project.folder / "reports/latest")} == {
        "suites/fast.yaml::fast": (Needs(foldable=False), True),
        "suites/sum.yaml::sum": (Needs(), False),
        "suites/test_thin.py::test_fold": (fold, False),
        "suites/test_thin.py::test_huge": (Needs(ram_gb=">=64"), False),
    }


def test_a_wrong_marker_is_told_with_its_place(project: Project) -> None:
    """All faults of a file at once, each with file, line and the right spelling; the file is not collected."""
    text = (
        "import pytest\n@pytest.mark.needs(fodlable=True)\ndef test_a(assistant): pass\n\n"
        "@pytest.mark.needs(ram_gb='big')\ndef test_b(assistant): pass\n\n"
        "@pytest.mark.needs('foldable')\ndef test_c(assistant): pass\n"
    )
    project.write("suites/test_thin.py", text)
    run = project.run("suites", "--collect-only")
    told, _, _ = run.out.partition("short test summary info")  # which repeats whole messages on a build server
    assert (run.exit, [line for line in told.splitlines() if line.startswith("suites/test_thin.py:")]) == (
        2,
        [
            'suites/test_thin.py:2: fodlable: unknown key (did you mean "foldable"?)',
            "suites/test_thin.py:5: ram_gb: expected a number (at least) or comparisons such as "
            '">=8" or ">=8 <16", found "big"',
            "suites/test_thin.py:8: pytest.mark.needs: each capability is written with its name, "
            'such as needs(ram_gb=">=8")',
        ],
    ), run.out
