"""From pytest's reports to one conclusion a test, in the journal and in the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.runs import JOURNAL, RunJournal, read_run
from framework.plugin.accounts import RERUN, Accounts
from framework.plugin.blame import BLAME
from framework.plugin.outcome import HANDSET, LATE, REASONS, VERDICT

Outcome = Literal["passed", "failed", "skipped"]
ON_FOLD = (HANDSET, ["fold", "MIX Fold 3"])


def report(
    when: Any, outcome: Outcome = "passed", longrepr: Any = None, told: tuple[tuple[str, Any], ...] = ()
) -> pytest.TestReport:
    location = ("a.py", 0, "a")
    return pytest.TestReport("a.py::a", location, {}, outcome, longrepr, when, duration=1.0, user_properties=told)


def phases(
    call: Outcome = "passed", longrepr: Any = None, told: tuple[tuple[str, Any], ...] = (), teardown: Outcome = "passed"
) -> list[pytest.TestReport]:
    return [report("setup"), report("call", call, longrepr, told), report("teardown", teardown, longrepr, told)]


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(RunJournal(tmp_path))


@pytest.mark.parametrize(
    ("reports", "verdict", "status"),
    [
        pytest.param(phases(), Verdict.PASS, 0, id="passed"),
        pytest.param(phases("failed", "boom"), Verdict.FAIL, 1, id="a test in Python failed"),
        pytest.param(phases(teardown="failed"), Verdict.FAIL, 1, id="its teardown failed"),
        pytest.param(phases("failed", told=((BLAME, "lab"),)), Verdict.LAB, 6, id="the lab"),
        pytest.param(phases("failed", told=((BLAME, "user"),)), Verdict.NOT_RUN, 4, id="a file of the user's"),
        pytest.param(phases("failed", told=((VERDICT, "UNMEASURED"),)), Verdict.UNMEASURED, 1, id="a unit"),
        pytest.param(
            phases("failed", told=((VERDICT, "INVALID"), (BLAME, "lab"))), Verdict.INVALID, 6, id="a broken unit"
        ),
        pytest.param(phases("skipped", ("a.py", 1, "why")), Verdict.NOT_RUN, 0, id="skipped"),
        pytest.param([report("setup", "skipped"), report("teardown")], Verdict.NOT_RUN, 0, id="skipped by a mark"),
        pytest.param([report("setup"), report("???", "failed", "gw0 crashed")], Verdict.LAB, 6, id="a worker died"),
    ],
)
def test_every_end_has_its_verdict(
    accounts: Accounts, reports: list[pytest.TestReport], verdict: Verdict, status: int
) -> None:
    """Whether a unit told it, or pytest's outcome and the blame do; the exit code follows."""
    for each in reports:
        accounts.pytest_runtest_logreport(each)
    failed = any(each.failed for each in reports)
    assert accounts.conclusions["a.py::a"].verdict is verdict
    assert accounts.exit_status(1 if failed else 0) == status


def test_what_will_be_run_again_is_not_concluded(accounts: Accounts, tmp_path: Path) -> None:
    """Only the last attempt concludes, with the number of attempts, its handset and its reasons."""
    for each in phases("failed", told=((VERDICT, "LAB"), (BLAME, "lab"))):
        if each.failed:
            each.outcome = RERUN  # type: ignore[assignment]
        accounts.pytest_runtest_logreport(each)
    assert (accounts.conclusions, accounts.attempts("a.py::a")) == ({}, 1)
    for each in phases("failed", told=((VERDICT, "FAIL"), (REASONS, ["late", "hot"]), ON_FOLD)):
        accounts.pytest_runtest_logreport(each)
    concluded = Conclusion("a.py::a", Verdict.FAIL, ("late", "hot"), "fold", "MIX Fold 3", 3.0, 2)
    assert accounts.conclusions == read_run(tmp_path).conclusions == {"a.py::a": concluded}


@pytest.mark.parametrize(
    ("kept", "today", "status", "expected"),
    [
        (Verdict.FAIL, None, 5, 1),
        (Verdict.PASS, None, 5, 0),
        (Verdict.LAB, None, 5, 6),
        (Verdict.LAB, Verdict.FAIL, 1, 1),
        (Verdict.FAIL, Verdict.LAB, 1, 1),
        (Verdict.FAIL, Verdict.PASS, 0, 1),
        (Verdict.PASS, Verdict.LAB, 1, 6),
        (Verdict.FAIL, Verdict.PASS, 2, 2),
    ],
)
def test_kept_conclusions_count(
    tmp_path: Path, kept: Verdict, today: Verdict | None, status: int, expected: int
) -> None:
    """The exit code of a run that continues another is that of both together; an interrupt stays one."""
    accounts = Accounts(RunJournal(tmp_path), [Conclusion("a", kept)])
    accounts.scheduled(["b"])
    if today is not None:
        accounts.conclude(Conclusion("b", today))
    assert (accounts.exit_status(status), read_run(tmp_path).scheduled) == (expected, ("a", "b"))


@pytest.mark.parametrize(("blame", "status"), [("", 1), ("lab", 6), ("user", 4)])
def test_what_was_shared_ends_badly_later(accounts: Accounts, tmp_path: Path, blame: str, status: int) -> None:
    """When its last test is over: the error counts, also for who continues the run, and the test has one verdict."""
    for each in phases():
        accounts.pytest_runtest_logreport(each)
    told = ((LATE, True), ON_FOLD, *(((BLAME, blame),) if blame else ()))
    accounts.pytest_runtest_logreport(report("teardown", "failed", "boom", told))
    run = read_run(tmp_path)
    assert (tmp_path / JOURNAL).read_text().count('"kind":"Concluded"') == 1
    assert (run.conclusions["a.py::a"].verdict, accounts.exit_status(1)) == (Verdict.PASS, status)
    again = Accounts(RunJournal(tmp_path), run.conclusions.values(), teardowns=run.teardowns)
    assert (again.exit_status(5), run.teardowns[0].reasons, run.teardowns[0].handset) == (status, ("boom",), "fold")


@pytest.mark.parametrize(("kept", "expected"), [(None, 6), (Verdict.PASS, 6), (Verdict.FAIL, 1)])
def test_tests_that_nobody_collected(tmp_path: Path, kept: Verdict | None, expected: int) -> None:
    """Not as if there were none: the lab is to blame; a failure of the run that is continued stays the graver one."""
    accounts = Accounts(RunJournal(tmp_path), [Conclusion("a", kept)] if kept else [])
    accounts.uncollected = "every worker ended"
    assert accounts.exit_status(5) == expected


def test_what_was_given_up_ends_with_the_run(accounts: Accounts, tmp_path: Path) -> None:
    """It counts at once, and is concluded once, when nobody can run it any more: a killed run leaves it open."""
    accounts.conclude(Conclusion("a", Verdict.NOT_RUN, ("no handset is left",), attempts=0))
    assert (accounts.verdicts, read_run(tmp_path).conclusions) == ({Verdict.NOT_RUN: 1}, {})
    accounts.end()
    accounts.end()
    assert (tmp_path / JOURNAL).read_text().count('"kind":"Concluded"') == 1
    assert read_run(tmp_path).conclusions == accounts.conclusions


def test_the_same_test_twice(accounts: Accounts, tmp_path: Path) -> None:
    """`--keep-duplicates` has one process run it again: one verdict, and a failure of the second time still counts."""
    for each in [*phases(), *phases("failed", "boom")]:
        accounts.pytest_runtest_logreport(each)
    assert (tmp_path / JOURNAL).read_text().count('"kind":"Concluded"') == 1
    assert accounts.exit_status(1) == 1


def test_what_was_shared_ends_while_its_test_runs_elsewhere(accounts: Accounts) -> None:
    """The error belongs to no attempt: the one that is under way is neither ended nor judged by it."""
    first, *others = phases()
    accounts.pytest_runtest_logreport(first)
    accounts.pytest_runtest_logreport(report("teardown", "failed", "boom", ((LATE, True),)))
    assert accounts.conclusions == {}
    for each in others:
        accounts.pytest_runtest_logreport(each)
    concluded = accounts.conclusions["a.py::a"]
    assert (concluded.verdict, concluded.attempts, concluded.seconds) == (Verdict.PASS, 1, 3.0)


def test_a_worker_has_written_all_before_a_test_is_concluded(accounts: Accounts) -> None:
    """What it adds to Allure comes after its last report: a run that is killed in between runs the test again."""
    for each in phases():
        each.node = object()  # type: ignore[attr-defined]  # as xdist marks what workers report
        accounts.pytest_runtest_logreport(each)
    assert accounts.conclusions == {}
    accounts.written("a.py::a")
    assert accounts.conclusions["a.py::a"].verdict is Verdict.PASS
