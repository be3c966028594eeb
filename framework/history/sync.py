"""Runs that are in a folder and not in the history: those that were killed, and those of a time before it."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framework.contract.errors import UsageError
from framework.journal.account import read_account
from framework.journal.lines import record_of
from framework.journal.places import LOCK
from framework.journal.runs import JOURNAL

if TYPE_CHECKING:
    from framework.history.store import History

HEAD_BYTES = 1_000_000
"""A journal's first line is not longer: a command line and hashes."""


@dataclass(frozen=True, slots=True)
class Synced:
    """`imported` are the names of runs; `left` is how many there was no time for."""

    imported: tuple[str, ...] = ()
    left: int = 0


def sync(
    history: History, reports: Path, within_s: float | None = None, tell: Callable[[str], None] | None = None
) -> Synced:
    """Record what the history does not know of the runs in `reports`, the newest first. Cheap where that is nothing.

    Runs that are being written are left to those who write them, and pruned ones stay forgotten. `tell` is called
    with each name before it is read, which takes a second for some thousands of tests.
    """
    deadline = None if within_s is None else time.monotonic() + within_s
    unknown = list(_unknown(history, reports))
    imported: list[str] = []
    for number, folder in enumerate(unknown):
        if deadline is not None and time.monotonic() > deadline:
            return Synced(tuple(imported), len(unknown) - number)
        if tell is not None:
            tell(folder.name)
        if _imported(history, folder):
            imported.append(folder.name)
    return Synced(tuple(imported))


def _unknown(history: History, reports: Path) -> Iterator[Path]:
    """Those whose journals are not of the length that was recorded."""
    found = {run: folder for folder in _folders(reports) if (run := run_id(folder)) is not None}
    known = history.sizes(found)
    for run, folder in found.items():
        size = known.get(run)
        if size != -1 and size != journal_bytes(folder) and not _is_being_written(folder):
            yield folder


def is_any(reports: Path) -> bool:
    """Whether the folder holds any run, whole or not, that nobody writes."""
    return any((folder / JOURNAL).is_file() and not _is_being_written(folder) for folder in _folders(reports))


def _folders(reports: Path) -> list[Path]:
    """The newest first; their names begin with the time at which they were begun."""
    with suppress(OSError):
        found = [folder for folder in reports.iterdir() if not folder.name.startswith(".") and not folder.is_symlink()]
        return sorted(found, key=lambda folder: folder.name, reverse=True)
    return []


def run_id(folder: Path) -> str | None:
    """The id of the run in a folder, out of its journal's first line; None where it is no run that tells of itself."""
    with suppress(OSError, KeyError), (folder / JOURNAL).open("rb") as stream:
        record = record_of(stream.readline(HEAD_BYTES))
        if record is not None and record["kind"] == "RunBegan":
            return str(record.get("id") or folder.name)
    return None


def journal_bytes(folder: Path) -> int:
    with suppress(OSError):
        return (folder / JOURNAL).stat().st_size
    return 0


def _is_being_written(folder: Path) -> bool:
    """Whether its controller holds it; we have it for a moment only, together with whoever else asks."""
    with suppress(FileNotFoundError):
        try:
            with (folder / LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # a file system without locks
            return False
    return False


def _imported(history: History, folder: Path) -> bool:
    """What is written meanwhile makes the journal longer than we say, so that the next one reads it again."""
    size = journal_bytes(folder)
    try:
        account = read_account(folder)
    except (UsageError, OSError):  # it was removed meanwhile
        return False
    return bool(account.tests) and history.record(account, size)
