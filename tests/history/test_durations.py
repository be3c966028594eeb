"""How long tests took: the median of recent runs, of whichever database, and what a run leaves to the next one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from support.accounts import account

from framework.contract.account import TestAccount, UnitAccount
from framework.contract.verdict import Verdict
from framework.history import open_history
from framework.history.durations import CACHE, durations, keep, kept

FOLD, TEN = "MIX Fold 3", "Mi 10"


def took(test: str, seconds: float, model: str = FOLD, verdict: Verdict = Verdict.PASS) -> TestAccount:
    return TestAccount(test, test, "a.yaml", verdict, (), "any", model, seconds)


def test_the_median_of_recent_runs(where: str) -> None:
    """By test and model; what the lab has ended, or nothing has run, took no time that says anything."""
    runs = [
        [took("a", 900)],
        [took("a", 2), took("b", 1)],
        [took("a", 3, verdict=Verdict.FAIL), took("b", 60, verdict=Verdict.LAB)],
        [took("a", 4), took("c", 0, "", Verdict.NOT_RUN), took("d", 8, TEN)],
    ]
    with open_history(where) as history:
        assert durations(history) == {}
        for number, tests in enumerate(runs):
            history.record(account(str(number), float(number), tests))
        assert durations(history, 3) == {("a", FOLD): 3, ("b", FOLD): 1, ("d", TEN): 8}


def test_a_unit_knows_better_than_its_test(where: str) -> None:
    """The last one that was judged, on each model; what it took to bring the build there does not count."""
    ends = [(FOLD, 50.0, Verdict.LAB), (TEN, 5.0, Verdict.INVALID), (TEN, 6.0, Verdict.PASS)]
    units = tuple(UnitAccount("any", model, verdict, (), seconds, 1.0) for model, seconds, verdict in ends)
    with open_history(where) as history:
        history.record(account(tests=[replace(took("a", 40, TEN), units=units)]))
        assert durations(history) == {("a", TEN): 6}


def test_what_a_run_leaves_may_be_lost_or_strange(tmp_path: Path) -> None:
    """It is read again as it was; what is gone, torn, or of another history is not used."""
    found = {("suites/a.yaml::天气", FOLD): 2.5, ("suites/test_a.py::test_a", ""): 1.0}
    keep(tmp_path, "history.db", found)
    assert kept(tmp_path, "history.db") == found
    assert kept(tmp_path, "postgresql://lab/farm") is None
    for torn in ('{"history": "history.db", "sec', "[]", '{"history": "history.db", "seconds": 7}', ""):
        (tmp_path / CACHE).write_text(torn)
        assert kept(tmp_path, "history.db") is None
    keep(tmp_path / "nowhere", "history.db", found)
    assert kept(tmp_path / "nowhere", "history.db") is None
