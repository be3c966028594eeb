"""How long tests took: read from the journals of recent runs, quickly, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.durations import CACHE, durations
from framework.journal.runs import RunJournal, records

FOLD, TEN = "MIX Fold 3", "Mi 10"


def run(reports: Path, day: int, *conclusions: Conclusion) -> Path:
    folder = reports / f"2026-01-{day:02}T08-00-00-7"
    journal = RunJournal(folder)
    for conclusion in conclusions:
        journal.concluded(conclusion)
    journal.close()
    return folder


def took(test: str, seconds: float, model: str = FOLD, verdict: Verdict = Verdict.PASS) -> Conclusion:
    return Conclusion(test, verdict, (), "any", model, seconds)


def test_the_median_of_recent_runs(tmp_path: Path) -> None:
    """By test and model; what the lab has ended, or nothing has run, took no time that says anything."""
    run(tmp_path, 1, took("a", 900))
    run(tmp_path, 2, took("a", 2), took("a", 8, TEN), took("b", 1))
    run(tmp_path, 3, took("a", 3, verdict=Verdict.FAIL), took("b", 60, verdict=Verdict.LAB))
    run(tmp_path, 4, took("a", 4), took("c", 0, "", Verdict.NOT_RUN))
    (tmp_path / "latest").symlink_to("2026-01-04T08-00-00-7")
    assert durations(tmp_path, 3) == {("a", FOLD): 3, ("a", TEN): 8, ("b", FOLD): 1}
    assert durations(tmp_path / "none") == {}


def test_what_is_kept_beside_a_journal_may_be_lost_or_old(tmp_path: Path) -> None:
    """Read again: the same; a file that is gone, torn or older than the journal is made anew."""
    folder = run(tmp_path, 1, took("a", 2))
    assert durations(tmp_path) == durations(tmp_path) == {("a", FOLD): 2}
    (folder / CACHE).write_text('{"journal_bytes": 12')
    assert durations(tmp_path) == {("a", FOLD): 2}
    run(tmp_path, 1, took("b", 5))
    assert durations(tmp_path) == {("a", FOLD): 2, ("b", FOLD): 5}
    (folder / CACHE).unlink()
    assert durations(tmp_path) == {("a", FOLD): 2, ("b", FOLD): 5}


def test_a_journal_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is asked: only a journal that has grown is read again."""
    read: list[str] = []

    def told(journal: Path, kinds: Any) -> Iterator[Any]:
        read.append(journal.parent.name[8:10])
        return records(journal, kinds)

    monkeypatch.setattr("framework.journal.durations.records", told)
    for day in range(1, 4):
        run(tmp_path, day, took("a", day))
    assert [durations(tmp_path) for _ in range(3)] == [{("a", FOLD): 2}] * 3
    assert sorted(read) == ["01", "02", "03"]
    run(tmp_path, 2, took("b", 5))
    assert durations(tmp_path) == {("a", FOLD): 2, ("b", FOLD): 5}
    assert sorted(read) == ["01", "02", "02", "03"]
