"""The tables of the history. Numbers count within a run, so that all that belongs to one is found by its `run`.

What is only ever read with its row (reasons, doubts, courses) is JSON in a text column, see `encoding`. A change here
needs a migration under `migrations/versions`, and `HEAD` to name it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Integer, MetaData, Table, Text

HEAD = "0002"
"""The migration that makes these tables."""

META = MetaData()
COMPACT: dict[str, Any] = {"sqlite_with_rowid": False}
"""For tables with many short rows: the key is the row's place."""


def _run() -> Column[int]:
    return Column("run", Integer, ForeignKey("run.key", ondelete="CASCADE"), primary_key=True, autoincrement=False)


def _within() -> Column[int]:
    """As `_run`, but unchecked: there are hundreds of thousands, written and removed together with their run."""
    return Column("run", Integer, primary_key=True, autoincrement=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


RUN = Table(
    "run",
    META,
    Column("key", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, index=True),
    Column("began_at", Double, nullable=False, index=True),
    Column("ended_at", Double, nullable=False),
    Column("build", Text, nullable=False),
    *_texts("build_name", "build_version", "package", "build_model", "hashes"),
    Column("scaled", Boolean, nullable=False),
    Column("weight_bytes", BigInteger),
    *_texts("version", "arguments"),
    Column("finished", Boolean, nullable=False),
    *_texts("lab", "verdicts"),
    Column("journal_bytes", BigInteger),
    Column("courses", Text, nullable=False, server_default="[]"),
)
"""`build` tells builds apart: a digest of label and hashes. `verdicts` counts those of its tests. `courses`: [model,
metric, values] of each."""

HANDSET = Table(
    "handset",
    META,
    _run(),
    Column("name", Text, primary_key=True),
    *_texts("manufacturer", "model", "soc", "android"),
    Column("sdk", Integer, nullable=False),
    Column("ram_gb", Double, nullable=False),
    Column("foldable", Boolean, nullable=False),
    Column("emulated", Boolean, nullable=False),
    *_texts("fingerprint", "tags", "screen", "system", "fold_states"),
)
"""Without serial numbers: who compares builds does not need them."""

TEST = Table(
    "test",
    META,
    _run(),
    _number("test"),
    *_texts("id", "title", "file", "verdict", "reasons", "handset", "model"),
    Column("seconds", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("concluded", Boolean, nullable=False),
    Column("figures", Text, nullable=False),
)
"""`figures`: metric → what `figures_of` says of the test, so that a comparison reads one row a test."""

UNIT = Table(
    "unit",
    META,
    _run(),
    _number("unit"),
    Column("test", Integer, nullable=False),
    *_texts("handset", "model", "verdict", "reasons"),
    Column("seconds", Double, nullable=False),
    Column("ended_at", Double, nullable=False),
)

REPETITION = Table(
    "repetition",
    META,
    _run(),
    _number("repetition"),
    Column("unit", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    *_texts("verdict", "reasons", "folder", "doubts", "mended"),
    Column("counts", Boolean, nullable=False),
)

TURN = Table(
    "turn",
    META,
    _within(),
    _number("turn"),
    Column("repetition", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    *_texts("asked", "reply", "verdict"),
    Column("at_s", Double, nullable=False),
    *_texts("failed"),
)

METRIC = Table(
    "metric",
    META,
    _within(),
    _number("turn"),
    Column("metric", Text, primary_key=True),
    Column("value", Double),
    Column("bound", Double),
    *_texts("method", "doubted"),
    **COMPACT,
)

SAMPLED = Table(
    "sampled",
    META,
    _within(),
    _number("repetition"),
    Column("metric", Text, primary_key=True),
    Column("samples", Integer, nullable=False),
    *_texts("quantiles", "curve", "doubted"),
    **COMPACT,
)

FORGOTTEN = Table("forgotten", META, Column("id", Text, primary_key=True), Column("at", Double, nullable=False))
"""Runs that were pruned: their folders may still be there, and are not imported again."""

PARTS = (METRIC, SAMPLED, TURN, REPETITION, UNIT, TEST, HANDSET)
"""All that belongs to a run, what depends first."""

NEWEST = RUN.c.began_at.desc(), RUN.c.name.desc(), RUN.c.key.desc()
"""The newest run first; of those of one instant, by their names, whenever they were recorded."""
