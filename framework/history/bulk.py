"""Many rows at once, the quickest way that each database has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

FEW = 50
"""So many are inserted one by one: a COPY costs two round trips."""


def insert_all(connection: sa.Connection, table: sa.Table, run: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows without their first column, which is the run's; values as the driver takes them."""
    if not rows:
        return
    columns = [column.name for column in table.columns]
    if connection.dialect.name == "postgresql" and len(rows) > FEW:
        _copy(connection, table.name, columns, run, rows)
        return
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join([mark] * len(columns))
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608
    connection.exec_driver_sql(statement, [(run, *row) for row in rows])


def _copy(
    connection: sa.Connection, table: str, columns: Sequence[str], run: int, rows: Sequence[tuple[Any, ...]]
) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row((run, *row))
