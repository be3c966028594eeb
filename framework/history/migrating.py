"""The tables of a new database, and those of an older one brought to what this version of Pocketfarm knows.

Several processes may open it at once: one of them works, the others wait and find it done.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from framework.contract.errors import UsageError
from framework.history.tables import HEAD, META

MIGRATIONS = Path(__file__).with_name("migrations")
VERSION = "alembic_version"

LOCK = 0x706F636B6574  # "pocket"
"""Of PostgreSQL's advisory locks, the one that whoever changes the tables holds."""


def version_of(connection: Connection) -> str | None:
    """The migration that the database is at; None where it has no tables of ours."""
    if not inspect(connection).has_table(VERSION):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION}"))  # noqa: S608
    return found


def migrate(connection: Connection, shown: str) -> None:
    """Within the transaction of `connection`, which others cannot write beside.

    UsageError: the database is of a newer version. A new one is given today's tables at once, as Alembic advises for
    empty databases; a test holds that migrations lead to the same.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    found = version_of(connection)
    if found == HEAD:
        return
    if found is None:
        META.create_all(connection)
        connection.execute(text(f"CREATE TABLE {VERSION} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text(f"INSERT INTO {VERSION} VALUES (:head)"), {"head": HEAD})  # noqa: S608
        return
    upgrade(connection, found, shown)


def upgrade(connection: Connection, found: str, shown: str) -> None:
    """From the migration `found` to the last one, by Alembic, which is loaded for this only."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found not in known:
        mend = "update it (pip install -U pocketfarm), or name another database with --history"
        raise UsageError(
            f"{shown}: written by a newer Pocketfarm, whose tables ({found}) this one does not know: {mend}"
        )
    command.upgrade(config, "head")
