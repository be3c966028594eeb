"""Runs that the history has missed are read from their folders: once each, and not those that are still written."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.history import open_history
from framework.history import sync as module
from framework.history.sync import Synced, sync
from framework.journal.runs import RunBegan, RunJournal
from framework.plugin.run_lock import hold


def run(reports: Path, day: int, *tests: str, id: str = "") -> Path:
    folder = reports / f"2026-01-{day:02}T08-00-00-7"
    journal = RunJournal(folder)
    if not (folder / "journal.jsonl").stat().st_size:
        journal.began(RunBegan((), "/", "/", "compact 1.0", {}, "devices.yaml", "0.1", id=id or str(day)))
    for test in tests:
        journal.concluded(Conclusion(test, Verdict.PASS, (), "ten", "Mi 10", 2.0))
    journal.close()
    return folder


def names(*days: int) -> tuple[str, ...]:
    return tuple(f"2026-01-{day:02}T08-00-00-7" for day in days)


def test_each_is_read_once(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest first; only a journal that has grown is read again, wherever its folder is by now."""
    reports, read = tmp_path / "reports", []
    monkeypatch.setattr(module, "read_account", lambda folder: read.append(folder.name) or account(folder))
    for day in (1, 2, 3):
        run(reports, day, "a")
    (reports / "latest").symlink_to(names(3)[0])
    (reports / "notes").mkdir()
    (reports / "torn").mkdir()
    (reports / "torn" / "journal.jsonl").write_text('{"v":1,"at":1,"kind":"RunBe')
    with open_history(where) as history:
        assert sync(history, reports) == Synced(names(3, 2, 1))
        (reports / names(1)[0]).rename(reports / "kept for the audit")
        assert sync(history, reports) == Synced()
        run(reports, 2, "b")
        assert sync(history, reports) == Synced(names(2))
        assert read == [*names(3, 2, 1), *names(2)]
        assert [run.tests for run in history.runs()] == [1, 2, 1]


account = module.read_account


def test_what_is_left_out(where: str, tmp_path: Path) -> None:
    """A run that somebody writes, until he ends; one without a test; one that was pruned, for good."""
    folder = run(tmp_path, 1, "a")
    run(tmp_path, 2)
    run(tmp_path, 3, "a")
    with open_history(where) as history:
        with hold(folder):
            assert sync(history, tmp_path) == Synced(names(3))
        assert sync(history, tmp_path) == Synced(names(1))
        history.forget(["3"])
        assert sync(history, tmp_path) == Synced()
        assert [run.head.id for run in history.runs()] == ["1"]


def test_no_time_left(where: str, tmp_path: Path) -> None:
    """What there was no time for is counted, and comes the next time."""
    for day in (1, 2):
        run(tmp_path, day, "a")
    with open_history(where) as history:
        assert sync(history, tmp_path, within_s=-1) == Synced((), 2)
        assert sync(history, tmp_path / "nowhere") == Synced()
        assert sync(history, tmp_path) == Synced(names(2, 1))
