"""Runs with their handsets, tests, units, repetitions, turns and metrics."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        *_needed(sa.Text, "name"),
        *_needed(sa.Double, "began_at", "ended_at"),
        *_needed(sa.Text, "build", "build_name", "build_version", "package", "build_model", "hashes"),
        *_needed(sa.Boolean, "scaled"),
        sa.Column("weight_bytes", sa.BigInteger),
        *_needed(sa.Text, "version", "arguments"),
        *_needed(sa.Boolean, "finished"),
        *_needed(sa.Text, "lab", "verdicts"),
        sa.Column("journal_bytes", sa.BigInteger),
    )
    op.create_index("ix_run_name", "run", ["name"])
    op.create_index("ix_run_began_at", "run", ["began_at"])
    _create_parts()
    _create_figures()
    op.create_table("forgotten", sa.Column("id", sa.Text, primary_key=True), sa.Column("at", sa.Double, nullable=False))


def _create_parts() -> None:
    op.create_table(
        "handset",
        _run(),
        sa.Column("name", sa.Text, primary_key=True),
        *_needed(sa.Text, "manufacturer", "model", "soc", "android"),
        *_needed(sa.Integer, "sdk"),
        *_needed(sa.Double, "ram_gb"),
        *_needed(sa.Boolean, "foldable", "emulated"),
        *_needed(sa.Text, "fingerprint", "tags", "screen", "system", "fold_states"),
    )
    op.create_table(
        "test",
        *(_run(), _number("test")),
        *_needed(sa.Text, "id", "title", "file", "verdict", "reasons", "handset", "model"),
        *_needed(sa.Double, "seconds"),
        *_needed(sa.Integer, "attempts"),
        *_needed(sa.Boolean, "concluded"),
        *_needed(sa.Text, "figures"),
    )
    op.create_table(
        "unit",
        *(_run(), _number("unit")),
        *_needed(sa.Integer, "test"),
        *_needed(sa.Text, "handset", "model", "verdict", "reasons"),
        *_needed(sa.Double, "seconds", "ended_at"),
    )
    op.create_table(
        "repetition",
        *(_run(), _number("repetition")),
        *_needed(sa.Integer, "unit", "number", "attempt"),
        *_needed(sa.Text, "verdict", "reasons", "folder", "doubts", "mended"),
        *_needed(sa.Boolean, "counts"),
    )


def _create_figures() -> None:
    op.create_table(
        "turn",
        *(_number("run"), _number("turn")),
        *_needed(sa.Integer, "repetition", "number"),
        *_needed(sa.Text, "asked", "reply", "verdict"),
        *_needed(sa.Double, "at_s"),
        *_needed(sa.Text, "failed"),
    )
    op.create_table(
        "metric",
        *(_number("run"), _number("turn")),
        sa.Column("metric", sa.Text, primary_key=True),
        *(sa.Column("value", sa.Double), sa.Column("bound", sa.Double)),
        *_needed(sa.Text, "method", "doubted"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sampled",
        *(_number("run"), _number("repetition")),
        sa.Column("metric", sa.Text, primary_key=True),
        *_needed(sa.Integer, "samples"),
        *_needed(sa.Text, "quantiles", "curve", "doubted"),
        sqlite_with_rowid=False,
    )


def _run() -> sa.Column[Any]:
    return sa.Column("run", sa.Integer, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False)


def _needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]
