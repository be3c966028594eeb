"""Several processes write one database at once, and some of them are killed: nothing is lost, nothing is half there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from support.accounts import account, judged

from framework.contract.account import RunAccount, figures_of
from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.history import open_history
from framework.history.errors import HistoryError
from framework.journal.runs import RunBegan, RunJournal
from framework.plugin.run_history import RunHistory
from framework.plugin.run_lock import hold

WRITERS, RUNS_EACH = 8, 3
FORK = multiprocessing.get_context("fork")
WITHIN_S = 60.0


def made(writer: int, number: int) -> RunAccount:
    tests = [judged(f"{writer}-{number}-{test}", turns=3, metrics=4) for test in range(60)]
    return account(f"{writer}-{number}", 10.0 * writer + number, tests)


def write(where: str, writer: int, together: Barrier) -> None:
    """Each opens the database, which nobody has made yet, at the same moment."""
    runs = [made(writer, number) for number in range(RUNS_EACH)]
    together.wait(WITHIN_S)
    for run in runs:
        with open_history(where, WITHIN_S) as history:
            history.record(run)


def test_eight_at_once_lose_nothing(where: str) -> None:
    """A new database: one makes the tables, and every run of every writer is there, whole."""
    together = FORK.Barrier(WRITERS)
    writers = [FORK.Process(target=write, args=(where, number, together)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(WITHIN_S)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    with open_history(where) as history:
        expected = [made(writer, number) for writer in range(WRITERS) for number in range(RUNS_EACH)]
        assert sorted(run.head.id for run in history.runs()) == sorted(run.head.id for run in expected)
        assert [history.figures(run.head.id) for run in expected] == list(map(figures_of, expected))


def end_a_run(where: str, folder: Path, together: Barrier, pipe: Any) -> None:
    """As the controller does: its folder is its own until it is recorded, and others' killed runs are read, too."""
    history = RunHistory(where, folder.parent)
    with hold(folder):
        together.wait(WITHIN_S)
        history.record(folder, 1)
    pipe.send(list(history.lines()))


def test_eight_runs_that_end_at_once(where: str, tmp_path: Path) -> None:
    """Over one folder of runs, with three that were killed before: each is there once, and nobody has to complain."""
    killed = [journal(tmp_path / f"2026-01-01T08-00-0{number}-7", "compact 0.9") for number in range(3)]
    folders = [journal(tmp_path / f"2026-01-02T08-00-0{number}-7", "compact 1.0") for number in range(WRITERS)]
    together, (ours, theirs) = FORK.Barrier(WRITERS), FORK.Pipe()
    runs = [FORK.Process(target=end_a_run, args=(where, folder, together, theirs)) for folder in folders]
    for run in runs:
        run.start()
    told = [ours.recv() for run in runs if ours.poll(WITHIN_S)]
    for run in runs:
        run.join(WITHIN_S)
    assert told == [[]] * WRITERS
    with open_history(where) as history:
        assert sorted(run.head.name for run in history.runs()) == sorted(each.name for each in killed + folders)
        assert [run.verdicts for run in history.runs()] == [{"PASS": 5}] * (WRITERS + 3)


def journal(folder: Path, build: str) -> Path:
    made = RunJournal(folder)
    made.began(RunBegan((), "/", "/", build, {}, "devices.yaml", "0.1", id=folder.name))
    for number in range(5):
        made.concluded(Conclusion(f"a.yaml::{number}", Verdict.PASS, (), "ten", "Mi 10", 2.0))
    made.close()
    return folder


def record_the_same(where: str, together: Barrier, tests: int) -> None:
    run = account(tests=[judged(str(test)) for test in range(tests)])
    together.wait(WITHIN_S)
    with open_history(where, WITHIN_S) as history:
        history.record(run, tests)


def test_the_same_run_from_several(where: str) -> None:
    """All of them have seen it, one further than the others: it is there once, and as far as anybody has seen it."""
    sizes = [5, 9, 7, 2]
    together = FORK.Barrier(len(sizes))
    writers = [FORK.Process(target=record_the_same, args=(where, together, size)) for size in sizes]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(WITHIN_S)
    assert [writer.exitcode for writer in writers] == [0] * len(sizes)
    with open_history(where) as history:
        assert [run.tests for run in history.runs()] == [9]


def stopping(insert: Callable[..., None], pipe: Any) -> Callable[..., None]:
    """Tells when it comes to the metrics, and never does them."""

    def inserted(connection: Any, table: Any, *rest: Any) -> None:
        if table.name == "metric":
            pipe.send("in the middle")
            time.sleep(WITHIN_S)
        insert(connection, table, *rest)

    return inserted


def replace_and_hang(where: str, pipe: Any) -> None:
    from framework.history import store

    store.insert_all = stopping(store.insert_all, pipe)  # type: ignore[assignment]
    with open_history(where) as history:
        history.record(account(tests=[judged("new")]))


def test_a_writer_is_killed_in_the_middle(where: str) -> None:
    """Of a run that it replaces the old one stays, whole; and who comes next does not wait for it."""
    old = account(tests=[judged("old")])
    with open_history(where) as history:
        history.record(old)
    ours, theirs = FORK.Pipe()
    writer = FORK.Process(target=replace_and_hang, args=(where, theirs))
    writer.start()
    assert ours.poll(WITHIN_S)
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join(WITHIN_S)
    began = time.monotonic()
    with open_history(where) as history:
        history.record(account("b", tests=[judged("b")]))
        assert history.figures("a") == figures_of(old)
        assert len(history.runs()) == 2
    assert time.monotonic() - began < 5


def test_who_waits_too_long_is_told(where: str) -> None:
    """Another holds the run (or all, on SQLite): within the time that was given, with the mend."""
    with open_history(where) as history:
        history.record(account())
    ours, theirs = FORK.Pipe()
    writer = FORK.Process(target=replace_and_hang, args=(where, theirs))
    writer.start()
    try:
        assert ours.poll(WITHIN_S)
        with open_history(where, 0.3) as history, pytest.raises(HistoryError, match="another process is writing it"):
            history.record(account())
    finally:
        writer.kill()
        writer.join(WITHIN_S)
