"""Whose verdict changed without a change of the build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from support.accounts import account

from framework.contract.account import TestAccount
from framework.contract.verdict import Verdict
from framework.history import open_history
from framework.history.flaky import Change, End, PastRun, flaky, past_runs

PASS, FAIL, LAB, INVALID, NOT_RUN = Verdict.PASS, Verdict.FAIL, Verdict.LAB, Verdict.INVALID, Verdict.NOT_RUN
SAME, OTHER = "00", "01"


def runs(*ends: Verdict, builds: Sequence[str] = (), attempts: int = 1) -> list[PastRun]:
    """One run a verdict, all of the test `t` on one handset."""
    return [
        PastRun(
            str(number), f"run-{number}", "compact 1.0", builds[number] if builds else SAME,
            (End("t", "Mi 10", "ten", verdict, attempts),),
        )
        for number, verdict in enumerate(ends)
    ]  # fmt: skip


def test_a_change_between_pass_and_fail() -> None:
    """How often each verdict, on which handset, and each change with its run."""
    (found,) = flaky(runs(PASS, PASS, FAIL, PASS))
    changes = (
        Change("compact 1.0", PASS, FAIL, "run-2"),
        Change("compact 1.0", FAIL, PASS, "run-3"),
    )
    assert (found.key, found.changes, found.lab_changes) == (("t", "Mi 10"), changes, ())
    assert (found.verdicts, found.handsets) == ({PASS: 3, FAIL: 1}, {"ten": {PASS: 3, FAIL: 1}})


def test_what_is_not_flaky() -> None:
    """The same verdict each time; another one with other files of the build; a test that nothing ran in between."""
    for same in (runs(FAIL, FAIL), runs(PASS, NOT_RUN, PASS), runs(PASS, FAIL, builds=[SAME, OTHER])):
        assert flaky(same) == []


def test_the_lab_is_told_apart() -> None:
    """LAB and INVALID beside PASS are the lab's; a build's change is seen through them."""
    (found,) = flaky(runs(PASS, LAB, PASS, INVALID))
    assert ([change.of_lab for change in found.lab_changes], found.changes) == ([True] * 3, ())
    (found,) = flaky(runs(PASS, LAB, FAIL))
    assert found.changes == (Change("compact 1.0", PASS, FAIL, "run-2"),)


def test_a_pass_after_a_retry_is_told() -> None:
    """It passed each time, but not at once."""
    (found,) = flaky(runs(PASS, PASS, attempts=2))
    assert (found.changes, found.lab_changes, found.retried) == ((), (), 2)


def test_a_build_that_comes_back_is_compared_with_itself() -> None:
    """Two builds that take turns: each has its own verdict, and no change."""
    assert flaky(runs(PASS, FAIL, PASS, FAIL, builds=[SAME, OTHER, SAME, OTHER])) == []


def test_the_last_runs(where: str) -> None:
    """The oldest first, whatever their order of recording; what was never concluded says nothing."""
    tests = [TestAccount(id, id, "a.yaml", FAIL, (), "ten", "Mi 10", attempts=2) for id in ("t", "u")]
    tests.append(replace(tests[0], id="open", concluded=False))
    with open_history(where) as history:
        for id, began_at in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
            history.record(account(id, began_at, tests))
        found = past_runs(history, 2)
        assert [(run.id, run.name, run.build) for run in found] == [(id, f"run-{id}", "compact 1.0") for id in "bc"]
        assert found[0].ends == tuple(End(id, "Mi 10", "ten", FAIL, 2) for id in ("t", "u"))
        assert past_runs(history, 1, {"u"})[0].ends == found[1].ends[1:]
        assert [one.id for one in flaky(past_runs(history))] == []
