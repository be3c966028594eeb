"""The history that a command asks, with the runs of a folder that it does not know yet."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from framework.commands.ini import history_of, reports_of
from framework.history import open_history
from framework.history.address import DATABASE, HISTORY, MEMORY, address

if TYPE_CHECKING:
    from framework.history.store import History

HELP = (
    f"the database of runs: a file, or postgresql://USER@HOST/DATABASE (default: the variable {HISTORY}, else ini "
    f"option pocketfarm_history, else {DATABASE} in the folder of runs)"
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--history", metavar="URL|FILE", help=HELP)
    parser.add_argument(
        "--reports", metavar="DIR", help="folder of runs (default: ini option pocketfarm_reports, else reports)"
    )


def places(history: str | None, reports: str | None) -> tuple[str, Path]:
    """(what to open, the folder of runs) as the options say."""
    here = Path.cwd()
    folder = reports_of(reports, here)
    return history_of(history, folder, here, named=reports is not None), folder


@contextmanager
def opened(where: str, reports: Path, tell: Callable[[str], None] | None = None) -> Iterator[History]:
    """The history with all runs of the folder; where nothing may be written beside them, one that is made for now."""
    from framework.history.sync import sync

    with open_history(_readable(where, reports)) as history:
        history.shown = address(where).shown
        sync(history, reports, tell=tell or _told_at_a_terminal)
        yield history


def is_empty(where: str, reports: Path) -> bool:
    """Whether there is neither a database nor a run to put into it; of a server nobody knows."""
    from framework.history.sync import is_any

    file = address(where).file
    return file is not None and not file.exists() and not is_any(reports)


def _readable(where: str, reports: Path) -> str:
    """A folder that others have written, and that we may only read, still tells of its runs; and who only looks makes
    no database where there is nothing to put into it."""
    file = address(where).file
    if file is None:
        return where
    if is_empty(where, reports):
        return MEMORY
    if file.parent != reports or not reports.is_dir():
        return where
    return where if all(os.access(each, os.W_OK) for each in (reports, file) if each.exists()) else MEMORY


def _told_at_a_terminal(run: str) -> None:
    if sys.stderr.isatty():
        print(f"reading {run}", file=sys.stderr)
