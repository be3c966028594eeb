"""Which runs are kept: the last ones, and every one that is still being written."""

from __future__ import annotations

import fcntl
import re
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path

from framework.journal.places import LOCK

MARKS = (LOCK, "journal.jsonl", "units", "allure-results")
"""Of which every run has at least one: a folder without any was not made by a run, whatever its name."""

_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d+")
_GOING = ".removing-"


def remove_older(reports: Path, keep: int | None) -> int:
    """Remove all runs but the last `keep` (None: none), and what an earlier removal left; how many went.

    Kept besides: runs that another process writes, the one that `latest` points at, and what is no run's folder,
    such as a run that somebody renamed. What cannot be removed stays.
    """
    for left in filter(_is_going, reports.iterdir()):
        shutil.rmtree(left, ignore_errors=True)
    if keep is None:
        return 0
    latest = (reports / "latest").resolve()
    older = [folder for folder in sorted(filter(_is_run, reports.iterdir()))[:-keep] if folder.resolve() != latest]
    return sum(_removed(folder) for folder in older)


def _is_run(folder: Path) -> bool:
    if not _NAME.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
        return False
    return any((folder / mark).exists() for mark in MARKS)


def _is_going(folder: Path) -> bool:
    return folder.name.startswith(_GOING) and _NAME.fullmatch(folder.name.removeprefix(_GOING)) is not None


def _removed(folder: Path) -> bool:
    """It goes out of sight at once, so that nobody finds half a run."""
    with ExitStack() as stack, suppress(OSError):
        if (folder / LOCK).exists():
            lock = stack.enter_context((folder / LOCK).open("rb"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        going = folder.with_name(_GOING + folder.name)
        folder.rename(going)
        shutil.rmtree(going, ignore_errors=True)
        return True
    return False
