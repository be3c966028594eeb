"""The history, once it is open: runs are recorded into it, and asked for."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa

from framework.contract.account import Key, RunAccount, RunFigures, RunHead, figures_of
from framework.contract.errors import Problem, UsageError
from framework.contract.loading import without_garbage
from framework.contract.record import nearest
from framework.contract.verdict import Verdict
from framework.history.bulk import insert_all
from framework.history.encoding import stored, told
from framework.history.opening import reading, retried, translated, writing
from framework.history.rows import figures_from, head_of, rows_of, run_row
from framework.history.tables import (
    FORGOTTEN,
    HANDSET,
    METRIC,
    NEWEST,
    PARTS,
    REPETITION,
    RUN,
    SAMPLED,
    TEST,
    TURN,
    UNIT,
)

T = TypeVar("T")

SHOWN = 5
"""So many runs are named where the one that was asked for is none."""
CANDIDATES = 20
"""So many runs of other builds are looked at for a baseline, the last ones."""
ENOUGH = 0.5
"""Of the tests of a run, the share that its baseline should have run too."""
AT_ONCE = 500
"""Values of one question."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One run in a list of them."""

    head: RunHead
    verdicts: Mapping[str, int] = field(default_factory=dict)
    """Verdict → how many tests ended so."""

    @property
    def tests(self) -> int:
        return sum(self.verdicts.values())


class History:
    """Of one connection: not for several threads at once. Errors as `open_history` tells them."""

    def __init__(self, connection: sa.Connection, shown: str, within_s: float) -> None:
        self.connection, self.shown = connection, shown
        self._within_s = within_s

    # -- written -----------------------------------------------------------------------------------------------------

    def record(self, run: RunAccount, journal_bytes: int | None = None) -> bool:
        """The run and all of it, or nothing; one of the same id is replaced.

        `journal_bytes`: how long its journal was when `run` was read. False: the history knows more of it already.
        """
        with without_garbage():
            figures = figures_of(run)
            rows, head = rows_of(run, figures), run_row(run, figures, journal_bytes)

        def write() -> bool:
            with without_garbage(), writing(self.connection) as connection:
                if not _make_room(connection, head["id"], journal_bytes):
                    return False
                key = connection.execute(sa.insert(RUN).values(head).returning(RUN.c.key)).scalar_one()
                for table, found in (
                    (HANDSET, rows.handset),
                    (TEST, rows.test),
                    (UNIT, rows.unit),
                    (REPETITION, rows.repetition),
                    (TURN, rows.turn),
                    (METRIC, rows.metric),
                    (SAMPLED, rows.sampled),
                ):
                    insert_all(connection, table, key, found)
                connection.execute(sa.delete(FORGOTTEN).where(FORGOTTEN.c.id == head["id"]))
                return True

        with translated(self.shown):
            return retried(self._within_s, write)

    def forget(self, runs: Iterable[str]) -> int:
        """Remove runs by their ids, for good: their folders are not imported again; how many went."""
        ids = [stored(run) for run in runs]

        def remove() -> int:
            with writing(self.connection) as connection:
                keys = [key for part in _parts(ids) for key in connection.execute(_keys_of(part)).scalars()]
                for key in keys:
                    _remove(connection, key)
                known = {one for part in _parts(ids) for one in connection.execute(_forgotten(part)).scalars()}
                new = [{"id": one, "at": time.time()} for one in dict.fromkeys(ids) if one not in known]
                if new:
                    connection.execute(sa.insert(FORGOTTEN), new)
                return len(keys)

        with translated(self.shown):
            return retried(self._within_s, remove)

    def shrink(self) -> None:
        """Give back the room of what was removed, where the database does not do that itself and nobody is at it."""
        if self.connection.dialect.name == "sqlite":
            raw: Any = self.connection.connection.driver_connection
            with suppress(sqlite3.OperationalError):
                raw.execute("VACUUM")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # -- asked for ---------------------------------------------------------------------------------------------------

    def runs(self, limit: int | None = None) -> list[Recorded]:
        """The last runs, the newest first."""
        rows = self.ask(sa.select(RUN).order_by(*NEWEST).limit(limit))
        return [Recorded(head_of(row), json.loads(row.verdicts)) for row in rows]

    def find(self, word: str) -> RunHead:
        """The run of that id or name, or the only one that begins so; `latest`. UsageError: there is none."""
        return head_of(self.row(word))

    def figures(self, run: str) -> RunFigures:
        """What another run is compared with; UsageError: there is no such run."""
        with without_garbage(), translated(self.shown), reading(self.connection) as connection:
            row = _find(connection, run, self.shown)
            return _figures(connection, row)

    def baseline(self, run: str) -> RunFigures | None:
        """The last finished run of another build before `run` that has run at least half of its tests.

        Where none has run as many: the one that has run most of them. None: no other build ran any of its tests.
        """
        with without_garbage(), translated(self.shown), reading(self.connection) as connection:
            row = _find(connection, run, self.shown)
            own, best, most = _keys(connection, row.key), None, 0
            for candidate in connection.execute(_before(row)).all():
                shared = len(own & _keys(connection, candidate.key))
                if shared > most:
                    best, most = candidate, shared
                if most and most >= ENOUGH * len(own):
                    break
            return None if best is None else _figures(connection, best)

    def sizes(self, ids: Collection[str]) -> dict[str, int | None]:
        """Of runs by their ids: how long the journal was that was recorded; of forgotten ones -1."""
        known: dict[str, int | None] = {}
        for part in _parts([stored(one) for one in ids]):
            for row in self.ask(sa.select(RUN.c.id, RUN.c.journal_bytes).where(RUN.c.id.in_(part))):
                known[told(row.id)] = row.journal_bytes
            known |= {told(row.id): -1 for row in self.ask(_forgotten(part))}
        return known

    def row(self, word: str) -> Any:
        """As `find`, with all columns of the table of runs."""
        with translated(self.shown), reading(self.connection) as connection:
            return _find(connection, word, self.shown)

    def ask(self, statement: sa.Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """The rows that a question finds, all at once."""
        with without_garbage(), translated(self.shown), reading(self.connection) as connection:
            return connection.execute(statement).all()


# -- within a transaction --------------------------------------------------------------------------------------------


def _make_room(connection: sa.Connection, run: str, journal_bytes: int | None) -> bool:
    """Remove what is known of the run, unless that is more than what is to be written."""
    known = sa.select(RUN.c.key, RUN.c.journal_bytes).where(RUN.c.id == run).with_for_update()
    found = connection.execute(known).one_or_none()
    if found is None:
        return True
    if journal_bytes is not None and (found.journal_bytes or 0) > journal_bytes:
        return False
    _remove(connection, found.key)
    return True


def _remove(connection: sa.Connection, key: int) -> None:
    for table in PARTS:
        connection.execute(sa.delete(table).where(table.c.run == key))
    connection.execute(sa.delete(RUN).where(RUN.c.key == key))


def _keys_of(ids: Collection[str]) -> sa.Select[int]:
    return sa.select(RUN.c.key).where(RUN.c.id.in_(ids)).with_for_update()


def _forgotten(ids: Collection[str]) -> sa.Select[str]:
    return sa.select(FORGOTTEN.c.id).where(FORGOTTEN.c.id.in_(ids))


def _parts(values: list[str]) -> Iterable[list[str]]:
    return (values[first : first + AT_ONCE] for first in range(0, len(values), AT_ONCE))


def _find(connection: sa.Connection, word: str, shown: str) -> Any:
    text = stored(word)
    exact = (RUN.c.id == text, RUN.c.name == text) if word != "latest" else (sa.true(),)
    for condition in exact:
        row = connection.execute(sa.select(RUN).where(condition).order_by(*NEWEST).limit(1)).one_or_none()
        if row is not None:
            return row
    begins = sa.or_(RUN.c.id.startswith(text, autoescape=True), RUN.c.name.startswith(text, autoescape=True))
    rows = connection.execute(sa.select(RUN).where(begins).order_by(*NEWEST).limit(SHOWN)).all() if word else []
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise UsageError(f"{word}: more than one run begins so: {', '.join(told(row.name) for row in rows)}")
    names = [told(name) for name in connection.scalars(sa.select(RUN.c.name).order_by(*NEWEST).limit(SHOWN))]
    there = f"the last ones are {', '.join(names)}" if names else "there is none yet"
    raise UsageError(Problem(f"no run {word!r} in {shown}; {there}", suggestion=nearest(word, names)))


def _before(row: Any) -> sa.Select[Any]:
    earlier = sa.and_(RUN.c.finished, RUN.c.build != row.build, RUN.c.began_at < row.began_at)
    return sa.select(RUN).where(earlier).order_by(*NEWEST).limit(CANDIDATES)


def _keys(connection: sa.Connection, run: int) -> set[Key]:
    """Of what was run, as it is stored."""
    was_run = sa.and_(TEST.c.run == run, TEST.c.verdict != Verdict.NOT_RUN.value)
    return {
        (test, model) for test, model in connection.execute(sa.select(TEST.c.id, TEST.c.model).where(was_run)).all()
    }


def _figures(connection: sa.Connection, row: Any) -> RunFigures:
    found = sa.select(TEST.c.id, TEST.c.model, TEST.c.verdict, TEST.c.figures).where(TEST.c.run == row.key)
    return figures_from(row, connection.execute(found.order_by(TEST.c.test)).all())
