"""What a journal says of its run, however the run ended."""

from __future__ import annotations

from pathlib import Path

from framework.contract.run import (
    BuildIdentity,
    Conclusion,
    HandsetIdentity,
    Unit,
    UnitFinished,
    UnitResult,
    UnitStarted,
)
from framework.contract.verdict import Verdict
from framework.journal.run import Journal
from framework.journal.runs import JOURNAL, Ended, RunBegan, RunJournal, RunRecord, read_run

BEGAN = RunBegan(("suites", "-k", "a or b"), "/lab", "/", "compact 1.0", {"a.apk": "00"}, "/lab/devices.yaml", "0.1", 7)
HANDSET = HandsetIdentity("fold", "F1", "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "fp")
BUILD = BuildIdentity("compact", "1.0", "p", "m")


def finished(test: str, verdict: Verdict, seconds: float) -> UnitFinished:
    unit = Unit(test, test, "a.yaml", HANDSET, BUILD)
    return UnitFinished(UnitResult(unit, verdict, ("why",), (), (), seconds))


def test_a_run_is_read_as_it_was_told(tmp_path: Path) -> None:
    """Controller and worker append to one journal; what the controller says last of a test holds."""
    first = Conclusion("a", Verdict.NOT_RUN, ("no handset is left",), attempts=0)
    last = Conclusion("a", Verdict.FAIL, ("天气\n",), "fold", "MIX Fold 3", 2.5, 2)
    controller = RunJournal(tmp_path)
    controller.began(BEGAN)
    controller.scheduled(["a", "b"])
    with Journal(tmp_path / JOURNAL) as worker:
        worker.notify(UnitStarted(finished("b", Verdict.LAB, 1).result.unit))
        worker.notify(finished("b", Verdict.LAB, 1))
        controller.concluded(first)
        worker.notify(finished("b", Verdict.PASS, 3))
    controller.began(BEGAN)
    controller.concluded(last)
    controller.close()
    ended = Ended("b", Verdict.PASS, ("why",), "fold", "MIX Fold 3", 3)
    assert read_run(tmp_path) == RunRecord(tmp_path, BEGAN, 2, ("a", "b"), {"a": last}, {"b": ended}, {"b": 2})


def test_what_was_given_up_is_no_end_while_the_run_goes_on(tmp_path: Path) -> None:
    """Killed before its end, it has not concluded what nothing could run; what it has is open again once it says so."""
    nothing_left = Conclusion("a", Verdict.NOT_RUN, ("no handset is left",), attempts=0)
    journal = RunJournal(tmp_path)
    journal.given_up(nothing_left)
    killed = read_run(tmp_path)
    assert (killed.conclusions, killed.given_up) == ({}, {"a"})
    journal.concluded(nothing_left)
    ended = read_run(tmp_path)
    assert (ended.conclusions, ended.given_up) == ({"a": nothing_left}, frozenset())
    journal.reopened(["a"])
    journal.close()
    again = read_run(tmp_path)
    assert (again.conclusions, again.given_up) == ({}, frozenset())


def test_a_torn_or_older_journal_says_what_it_can(tmp_path: Path) -> None:
    """kill -9 tears the last line; a journal from before these records has only what the workers wrote."""
    assert read_run(tmp_path) == RunRecord(tmp_path)
    with Journal(tmp_path / JOURNAL) as worker:
        worker.notify(finished("b", Verdict.PASS, 3))
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(b'{"v":1,"at":1,"kind":"Concluded","id":"x"}\n{"v":1,"at":1,"kind":"Concluded","id":"a","ver')
    read = read_run(tmp_path)
    assert (read.began, read.conclusions, set(read.ended)) == (None, {}, {"b"})
    controller = RunJournal(tmp_path)
    controller.concluded(Conclusion("a", Verdict.PASS))
    controller.close()
    assert set(read_run(tmp_path).conclusions) == {"a"}
