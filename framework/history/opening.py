"""A database opened and its tables brought up to date."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from framework.contract.errors import UsageError
from framework.history.address import MEMORY, Address
from framework.history.errors import HistoryError
from framework.history.migrating import migrate, version_of
from framework.history.tables import HEAD

CONNECT_S = 5
"""For each address that a server's name stands for."""
AGAIN_S = 0.02, 0.5
"""How soon, and how late at most, what others were in the way of is tried again."""
BUSY = frozenset(("40001", "40P01", "55P03", "23505"))
"""PostgreSQL's: could not serialize, deadlock, lock not available, and a run that another has just recorded."""

T = TypeVar("T")


@contextmanager
def opened(where: Address, within_s: float) -> Iterator[sa.Connection]:
    """A connection; nothing is open on it yet. `within_s`: how long what others hold is waited for.

    UsageError: the file is no history, or of a newer version. HistoryError: it cannot be reached or written.
    """
    engine = _engine(where, within_s)
    try:
        with translated(where.shown), retried(within_s, engine.connect) as connection:
            _prepare(connection, where.shown, within_s)
            yield connection
    finally:
        engine.dispose()


def _engine(where: Address, within_s: float) -> sa.Engine:
    if where.is_server:
        return _server(where, within_s)
    if str(where.file) != MEMORY and where.file is not None:
        try:
            where.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HistoryError(f"history {where.shown}: {error.strerror} (name another with --history)") from None
    url = sa.URL.create("sqlite", database=str(where.file))
    engine = sa.create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": within_s})
    sa.event.listen(engine, "connect", _sqlite_connected)
    sa.event.listen(engine, "begin", _sqlite_begun)
    return engine


def _server(where: Address, within_s: float) -> sa.Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise UsageError("a history on PostgreSQL needs its driver: pip install 'pocketfarm[postgres]'") from None
    limits: dict[str, Any] = {"application_name": "pocketfarm", "client_encoding": "utf8", "connect_timeout": CONNECT_S}
    limits |= {"keepalives_idle": 10, "tcp_user_timeout": 15000}
    limits |= {"prepare_threshold": None}  # a statement is rarely asked twice, and poolers may not keep it
    try:
        url = sa.make_url(where.url)
        given = {name: value for name, value in limits.items() if name not in url.query}
        engine = sa.create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=given)
    except (SQLAlchemyError, ValueError):
        raise UsageError(f"--history: no URL of a database: {where.shown}") from None
    wait = f"SET LOCAL lock_timeout = {max(1, int(within_s * 1000))}"
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(wait))
    return engine


def _sqlite_connected(connection: Any, _: object) -> None:
    """Transactions are begun by us: Python's driver would begin them late, when another may have written."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=NORMAL")


def _sqlite_begun(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("pocketfarm_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(connection: sa.Connection) -> Iterator[sa.Connection]:
    """A transaction that sees and is seen as if it were alone."""
    connection.execution_options(pocketfarm_writes=True)
    with connection.begin():
        yield connection


@contextmanager
def reading(connection: sa.Connection) -> Iterator[sa.Connection]:
    """A transaction in which all that is read is of one moment."""
    connection.execution_options(pocketfarm_writes=False)
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield connection


def _prepare(connection: sa.Connection, shown: str, within_s: float) -> None:
    """Journal mode, encoding and tables; nothing is written where all is as it should be."""
    if connection.dialect.name == "sqlite":
        retried(within_s, lambda: _write_ahead(connection))
    else:
        _check_encoding(connection, shown)
    with reading(connection):
        ready = version_of(connection) == HEAD
    if not ready:
        retried(within_s, lambda: _migrate(connection, shown))


def _migrate(connection: sa.Connection, shown: str) -> None:
    with writing(connection):
        migrate(connection, shown)


def _write_ahead(connection: sa.Connection) -> None:
    """Readers do not wait for writers; where the file system has no shared memory, SQLite keeps its old way."""
    raw = connection.connection.driver_connection
    if raw is not None and raw.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
        raw.execute("PRAGMA journal_mode=WAL")


def _check_encoding(connection: sa.Connection, shown: str) -> None:
    with reading(connection):
        encoding = connection.scalar(sa.text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise UsageError(
            f"history {shown}: its encoding is {encoding}, in which not every reply can be written: "
            "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )


# -- what others hold ------------------------------------------------------------------------------------------------


def retried(within_s: float, work: Callable[[], T]) -> T:
    """Work that others may be in the way of, tried again until it is done or the time is over."""
    deadline, pause = time.monotonic() + within_s, AGAIN_S[0]
    while True:
        try:
            return work()
        except (DBAPIError, sqlite3.OperationalError) as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
        pause = min(2 * pause, AGAIN_S[1])


def is_busy(error: Exception) -> bool:
    """Whether others were in the way: they hold a lock, or have written the same run meanwhile."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return getattr(cause, "sqlstate", None) in BUSY


MENDS: tuple[tuple[str, str], ...] = (
    ("database or disk is full", "free space on its disk"),
    ("disk i/o error", "is its disk full, or damaged?"),
    ("no space left", "free space on the server's disk"),
    ("readonly database", "make it writable, or name another with --history"),
    ("attempt to write", "make it writable, or name another with --history"),
    ("unable to open", "is its folder there and writable? or name another with --history"),
    ("database is locked", "another process is writing it for long; try again"),
    ("lock", "another process is writing it for long; try again"),
    ("password", "put it into ~/.pgpass or PGPASSWORD"),
    ("does not exist", "createdb makes a database, createuser a user"),
    ("permission denied", "the user may have to be granted it: GRANT ALL ON SCHEMA public TO …"),
)
"""What an error says → what helps."""
UNREACHABLE = "does the server run, and is the address right?"
OURS = "please report it"


@contextmanager
def translated(shown: str) -> Iterator[None]:
    """Errors of the database as ours, in one line."""
    try:
        yield
    except SQLAlchemyError as error:
        raise as_ours(error, shown) from None


def as_ours(error: SQLAlchemyError, shown: str) -> UsageError | HistoryError:
    cause = error.orig if isinstance(error, DBAPIError) else None
    said = " ".join(str(cause or error).split())[:300]
    if getattr(cause, "sqlite_errorname", "") in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return UsageError(
            f"history {shown}: {said}: move it away, `farm history sync` makes it anew of the runs' folders"
        )
    otherwise = UNREACHABLE if isinstance(error, OperationalError | InterfaceError) else OURS
    mend = next((mend for word, mend in MENDS if word in said.lower()), otherwise)
    return HistoryError(f"history {shown}: {said} ({mend})")
