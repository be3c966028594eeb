"""How long tests took in recent runs: what a schedule and an estimate are made of.

The scheduler of the next run must not wait for a database: at the end of each run what the history says is written
beside the runs, into a small file, which may be lost.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from framework.contract.account import Key
from framework.contract.verdict import Verdict
from framework.history.encoding import told

if TYPE_CHECKING:
    from framework.history.store import History

CACHE = "durations.json"
RUNS = 20
"""How many runs are looked at, the last ones."""

COUNTED = tuple(verdict.value for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.UNMEASURED, Verdict.INVALID))
"""A test that the lab has ended took as long as it took the lab to fail."""


def durations(history: History, runs: int = RUNS) -> dict[Key, float]:
    """(test id, model of the handset) → host seconds: the median of the last `runs` runs, whatever the build.

    A test that uses no handset has the model "". A unit's own time is better than its test's, to which the
    deployment of the build may have come.
    """
    import sqlalchemy as sa

    from framework.history.tables import NEWEST, RUN, TEST, UNIT

    last = sa.select(RUN.c.key).order_by(*NEWEST).limit(runs).subquery()
    of_tests = sa.select(TEST.c.run, TEST.c.id, TEST.c.model, TEST.c.seconds).join(last, last.c.key == TEST.c.run)
    of_units = (
        sa.select(UNIT.c.run, TEST.c.id, UNIT.c.model, UNIT.c.seconds)
        .join(last, last.c.key == UNIT.c.run)
        .join(TEST, sa.and_(TEST.c.run == UNIT.c.run, TEST.c.test == UNIT.c.test))
        .order_by(UNIT.c.run, UNIT.c.unit)
    )
    took: dict[tuple[int, str, str], float] = {}
    for question, table in ((of_tests, TEST), (of_units, UNIT)):
        counted = question.where(table.c.verdict.in_(COUNTED), table.c.seconds > 0)
        took.update({(run, test, model): seconds for run, test, model, seconds in history.ask(counted)})
    found: dict[tuple[str, str], list[float]] = {}
    for (_, test, model), seconds in took.items():
        found.setdefault((test, model), []).append(seconds)
    return {(told(test), told(model)): median(values) for (test, model), values in found.items()}


def kept(reports: Path, history: str) -> Mapping[Key, float] | None:
    """What the last run has left in the folder of runs; None where it left nothing, or was of another history."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        content: Any = json.loads((reports / CACHE).read_bytes())
        if content["history"] == history:
            every = content["seconds"].items()
            return {(test, model): float(seconds) for model, tests in every for test, seconds in tests.items()}
    return None


def keep(reports: Path, history: str, found: Mapping[Key, float]) -> None:
    """Whole or not at all; without it the history is asked."""
    seconds: dict[str, dict[str, float]] = {}
    for (test, model), took in found.items():
        seconds.setdefault(model, {})[test] = round(took, 3)
    part = reports / f".{CACHE}-{os.getpid()}"
    with suppress(OSError):
        part.write_text(json.dumps({"history": history, "seconds": seconds}), encoding="utf-8")
        part.replace(reports / CACHE)
