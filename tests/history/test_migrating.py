"""Tables of any age become today's, and nothing that was recorded is lost on the way."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from support.accounts import account, judged
from support.postgres import Server

from framework.contract.account import figures_of
from framework.contract.errors import UsageError
from framework.history import open_history
from framework.history.address import address
from framework.history.errors import HistoryError
from framework.history.migrating import MIGRATIONS
from framework.history.opening import _engine, writing
from framework.history.tables import HEAD, META, RUN


def differences(where: str) -> list[Any]:
    """What Alembic would change to come to today's tables."""
    with open_history(where) as history, history.connection.begin():
        context = MigrationContext.configure(history.connection, opts={"compare_type": True})
        return [each for each in compare_metadata(context, META) if "alembic_version" not in str(each)]


def script() -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config, ScriptDirectory.from_config(config)


def migrated(where: str, revision: str) -> None:
    """A database as the version of Pocketfarm left it whose last migration that was."""
    engine = _engine(address(where), 5)
    with engine.connect() as connection, writing(connection):
        config, _ = script()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_migrations_lead_to_the_tables(where: str) -> None:
    """Step by step from an empty database: the same columns as those that a new one is given at once."""
    migrated(where, "head")
    assert differences(where) == []


def test_a_new_database_has_the_tables(where: str) -> None:
    """They are those of the last migration, and it is marked so."""
    assert differences(where) == []
    with open_history(where) as history, history.connection.begin():
        assert history.connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == HEAD
    assert script()[1].get_heads() == [HEAD]


def test_an_old_database_keeps_its_runs(where: str) -> None:
    """What an earlier version has recorded is there after the migration, and is read again from its folder."""
    migrated(where, "0001")
    run = account(tests=[judged("x")])
    engine = _engine(address(where), 5)
    old = sa.Table("run", sa.MetaData(), *(sa.Column(one.name, one.type) for one in RUN.c if one.name != "courses"))
    with engine.connect() as connection, writing(connection):
        connection.execute(sa.insert(old).values(_old_row(run)))
    engine.dispose()
    with open_history(where) as history:
        assert [found.head for found in history.runs()] == [run.head]
        assert history.sizes(["a"]) == {"a": None}
        history.record(run, 7)
        assert history.figures("a") == figures_of(run)


def _old_row(run: Any) -> dict[str, Any]:
    from framework.history.rows import run_row

    row = run_row(run, figures_of(run), 100)
    del row["courses"]
    return row


def test_a_newer_database_is_left_alone(where: str) -> None:
    """Its tables are not known: what to do is told, and that once more each time."""
    with open_history(where) as history, writing(history.connection) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for _ in range(2):
        with (
            pytest.raises(UsageError, match=r"written by a newer Pocketfarm.*\(9999\).*pip install -U"),
            open_history(where),
        ):
            pass


@pytest.mark.foreign
def test_another_encoding_is_told(postgres: Server) -> None:
    """A server that cannot store Chinese says so before the first run is lost to it."""
    where = postgres.new_database("LATIN1")
    with pytest.raises(UsageError, match=r"its encoding is LATIN1.*ENCODING 'UTF8'"), open_history(where):
        pass


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's comes with an extra, which is named."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    told = r"pip install 'pocketfarm\[postgres\]'"
    with pytest.raises(UsageError, match=told), open_history("postgresql://lab/farm"):
        pass


def test_what_cannot_be_opened(tmp_path: Any) -> None:
    """A file that is no database, a folder, no server, a scheme that nobody knows: each with its mend."""
    (tmp_path / "text.db").write_text("not a database, but long enough to be taken for one " * 20)
    (tmp_path / "folder").mkdir()
    cases = (
        (
            str(tmp_path / "text.db"),
            UsageError,
            "file is not a database: move it away, `farm history sync`",
        ),
        (str(tmp_path / "folder"), HistoryError, "unable to open database file .is its folder there"),
        (
            f"postgresql://qa:geheim@/farm?host={tmp_path}",
            HistoryError,
            "does the server run, and is the",
        ),
        ("mysql://root:geheim@lab/farm", UsageError, "expected a file, sqlite:///FILE or postgresql://.*not mysql://…"),
        ("postgresql://qa:geheim@lab:port/farm", UsageError, "no URL of a database"),
    )
    for where, kind, told in cases:
        with pytest.raises(kind, match=told) as error, open_history(where, 1):
            pass
        assert "geheim" not in str(error.value)
