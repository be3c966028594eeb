"""Every run that was ever made, in a database: what later runs are compared with, planned and judged by.

SQLAlchemy is loaded when a history is opened, and not before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.history.store import History

WITHIN_S = 10.0
"""How long what others hold is waited for."""


@contextmanager
def open_history(where: str | Path, within_s: float = WITHIN_S) -> Iterator[History]:
    """The history in a file of SQLite's or at a URL of PostgreSQL's, made where there is none, and brought up to date.

    UsageError: no such kind of database, no history, or one of a newer version. HistoryError: it cannot be reached,
    is held by others for longer than `within_s` host seconds, or cannot be written; also what fails later.
    """
    from framework.history.address import address
    from framework.history.opening import opened
    from framework.history.store import History

    place = address(where)
    with opened(place, within_s) as connection:
        yield History(connection, place.shown, within_s)
