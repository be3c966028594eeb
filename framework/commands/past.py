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
        sync(history, reports, tell=tell or _told_at_a_terminal)
        yield history


def _readable(where: str, reports: Path) -> str:
    """A folder that others have written, and that we may only read, still tells of its runs."""
    place = address(where)
    if place.file is None or place.file.parent != reports or not reports.is_dir():
        return where
    files = [file for file in (reports, place.file) if file.exists()]
    return where if all(os.access(file, os.W_OK) for file in files) else MEMORY


def _told_at_a_terminal(run: str) -> None:
    if sys.stderr.isatty():
        print(f"reading {run}", file=sys.stderr)
