"""What a run leaves to those after it; and whatever happens to the history, the run does not notice."""

from __future__ import annotations

import json
import multiprocessing
import resource
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from plugin.conftest import Project

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.history import open_history
from framework.journal.runs import RunBegan, RunJournal
from framework.plugin import run_history
from framework.plugin.run_history import RunHistory
from framework.plugin.run_lock import hold

TESTS = 3


def run(reports: Path, day: int, build: str = "compact 1.0", verdict: Verdict = Verdict.PASS) -> Path:
    folder = reports / f"2026-01-{day:02}T08-00-00-7"
    journal = RunJournal(folder)
    journal.began(RunBegan((), "/", "/", build, {"a.apk": build}, "devices.yaml", "0.1", id=str(day)))
    for number in range(TESTS):
        journal.concluded(Conclusion(f"a.yaml::{number}", verdict, (), "ten", "Mi 10", 2.0 * day))
    journal.close()
    return folder


@pytest.fixture
def where(tmp_path: Path) -> str:
    return str(tmp_path / "history.db")


def test_a_run_is_recorded_and_compared(where: str, tmp_path: Path) -> None:
    """With one before it that was killed; what the next one needs for its schedule lies beside it, and no database."""
    run(tmp_path, 1, "compact 0.9")
    history = RunHistory(where, tmp_path)
    history.record(run(tmp_path, 2), TESTS)
    assert (list(history.lines()), history.left.baseline and history.left.baseline.head.id) == ([], "1")
    assert history.account is not None
    assert history.account.head.id == "2"
    Path(where).unlink()
    assert RunHistory(where, tmp_path).durations() == {(f"a.yaml::{n}", "Mi 10"): 3.0 for n in range(TESTS)}
    assert not Path(where).exists()


def test_the_first_schedule_after_runs_without_a_history(where: str, tmp_path: Path) -> None:
    """Their folders are read once; where there is none but its own, no database is opened for that."""
    with hold(run(tmp_path, 1)):
        assert RunHistory(where, tmp_path).durations() == {}
    assert not Path(where).exists()
    assert RunHistory(where, tmp_path).durations() == {(f"a.yaml::{n}", "Mi 10"): 2.0 for n in range(TESTS)}
    with open_history(where) as history:
        assert len(history.runs()) == 1


def test_failures_of_flaky_tests_are_told(where: str, tmp_path: Path) -> None:
    """By earlier runs: its own verdict is not one of them."""
    for day, verdict in ((1, Verdict.PASS), (2, Verdict.FAIL)):
        run(tmp_path, day, verdict=verdict)
    history = RunHistory(where, tmp_path)
    history.record(run(tmp_path, 3, verdict=Verdict.FAIL), TESTS)
    ((word, told),) = history.lines()
    assert (word, told.startswith("3 of 3 failures: with one build they passed and failed before: a.yaml::0")) == (
        "flaky",
        True,
    )


@pytest.fixture
def silent_server() -> Iterator[str]:
    """It takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"postgresql://qa:s3cr3t@127.0.0.1:{server.getsockname()[1]}/farm"


def test_a_server_that_hangs_is_given_up(silent_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In time; the run has its account all the same, and one line says what to do."""
    monkeypatch.setattr(run_history, "PATIENCE_S", 0.5)
    history = RunHistory(silent_server, tmp_path)
    history.record(run(tmp_path, 1), TESTS)
    ((word, told),) = history.lines()
    assert (word, told.partition(": ")[0], told.endswith("nothing is lost: farm history sync")) == (
        "history", "not recorded", True,
    )  # fmt: skip
    assert "s3cr3t" not in told
    assert history.account is not None


def test_a_broken_history_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged file, and a fault of ours: told, never raised; the schedule goes without."""
    (tmp_path / "history.db").write_bytes(b"not a database" * 100)
    history = RunHistory(str(tmp_path / "history.db"), tmp_path)
    run(tmp_path, 1)
    assert history.durations() == {}
    history.record(run(tmp_path, 2), TESTS)
    ((_, damaged),) = history.lines()
    monkeypatch.setattr(run_history, "open_history", lambda *_: 1 / 0)
    history.record(run(tmp_path, 3), TESTS)
    ((_, ours),) = history.lines()
    assert "file is not a database: move it away" in damaged
    assert ours == "not recorded: ZeroDivisionError: division by zero; nothing is lost: farm history sync"


def record_on_a_full_disk(where: str, folder: Path, pipe: Any) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    history = RunHistory(where, folder.parent)
    history.record(folder, TESTS)
    pipe.send(list(history.lines()))


def test_a_full_disk_is_one_line(where: str, tmp_path: Path) -> None:
    """It is told, and the history is whole when there is room again."""
    folder = run(tmp_path, 1)
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    process = fork.Process(target=record_on_a_full_disk, args=(where, folder, theirs))
    process.start()
    ((word, told),) = ours.recv()
    process.join(30)
    assert (word, "disk" in told, told.count("\n")) == ("history", True, 0)
    history = RunHistory(where, tmp_path)
    history.record(folder, TESTS)
    assert list(history.lines()) == []


def test_a_run_without_its_history(project: Project) -> None:
    """No server there: all is as ever but for one line at the end, and no file of the run knows the password."""
    project.scenario("sum")
    done = project.run("suites", "--history", "postgresql://qa:s3cr3t@127.0.0.1:1/farm")
    assert (done.exit, done.out.count("history   not recorded: history postgresql://qa@127.0.0.1:1/farm:")) == (0, 1)
    told = [
        path for path in (project.folder / "reports").rglob("*") if path.is_file() and b"s3cr3t" in path.read_bytes()
    ]
    assert (told, "s3cr3t" in done.out) == ([], False)
    journal = (project.folder / "reports" / "latest" / "journal.jsonl").read_text().splitlines()
    assert json.loads(journal[0])["arguments"][-1] == "postgresql://qa@127.0.0.1:1/farm"
    listed = project.run("--history", "redis://lab", "suites")
    assert (listed.exit, "not redis://" in listed.out) == (4, True)
