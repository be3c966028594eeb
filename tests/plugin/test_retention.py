from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from framework.journal.places import LOCK
from framework.plugin.retention import remove_older
from framework.plugin.run_lock import hold

HOLD = """
import pathlib, sys
from framework.plugin.run_lock import hold
lock = hold(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def run(reports: Path, day: int, mark: str = "units") -> Path:
    folder = reports / f"2020-01-{day:02}T08-00-00-{day}"
    (folder / mark).mkdir(parents=True)
    (folder / mark / "trace.jsonl").write_text("{}\n")
    return folder


def names(reports: Path) -> list[str]:
    return sorted(path.name for path in reports.iterdir())


@pytest.mark.parametrize(("keep", "left"), [(None, 4), (9, 4), (4, 4), (3, 3), (1, 1)])
def test_the_last_runs_are_kept(tmp_path: Path, keep: int | None, left: int) -> None:
    """As many as asked for, the newest; no number keeps all."""
    runs = [run(tmp_path, day) for day in range(1, 5)]
    assert remove_older(tmp_path, keep) == 4 - left
    assert names(tmp_path) == [folder.name for folder in runs[-left:]]


def test_only_runs_are_removed(tmp_path: Path) -> None:
    """A folder of another name, one that no run has written, a link, a file: none of them is a run."""
    others = ["sample", "README.md", "2020-01-01T08-00-00-1-kept", "2020-01-02T08-00-00-2", "2020-01-03T08-00-00-3"]
    elsewhere = run(tmp_path / "elsewhere", 3)
    (tmp_path / "README.md").touch()
    (tmp_path / "sample").mkdir()
    (tmp_path / "2020-01-01T08-00-00-1-kept" / "units").mkdir(parents=True)
    (tmp_path / "2020-01-02T08-00-00-2").mkdir()  # a user's, empty
    (tmp_path / "2020-01-03T08-00-00-3").symlink_to(elsewhere)
    run(tmp_path, 8)
    last = run(tmp_path, 9)
    assert remove_older(tmp_path, 1) == 1
    assert names(tmp_path) == sorted([*others, "elsewhere", last.name])
    assert (elsewhere / "units" / "trace.jsonl").exists()


def test_what_latest_points_at_stays(tmp_path: Path) -> None:
    """Also when its name says that it is older, as after the clock was set back."""
    first, second = run(tmp_path, 1), run(tmp_path, 2)
    (tmp_path / "latest").symlink_to(first.name)
    run(tmp_path, 0)
    assert remove_older(tmp_path, 1) == 1
    assert names(tmp_path) == sorted([first.name, second.name, "latest"])


def test_a_run_that_is_being_written_stays(tmp_path: Path) -> None:
    """While its process lives; that of one that was killed holds nothing any more."""
    busy = run(tmp_path, 1)
    run(tmp_path, 2)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(busy)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "held\n"
        assert remove_older(tmp_path, 1) == 0
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait(10)
    assert remove_older(tmp_path, 1) == 1
    assert names(tmp_path) == ["2020-01-02T08-00-00-2"]


def test_ours_stays_too(tmp_path: Path) -> None:
    """The lock is a process's own, but holds against itself as well: two runs in one process are two."""
    ours = run(tmp_path, 1)
    run(tmp_path, 2)
    with hold(ours):
        assert remove_older(tmp_path, 1) == 0
    assert (ours / LOCK).exists()


def test_an_interrupted_removal_is_finished(tmp_path: Path) -> None:
    """What a killed run has begun to remove is out of sight, and gone with the next."""
    (tmp_path / ".removing-2020-01-01T08-00-00-1" / "units").mkdir(parents=True)
    (tmp_path / ".removing-mine").mkdir()
    assert remove_older(tmp_path, None) == 0
    assert names(tmp_path) == [".removing-mine"]
