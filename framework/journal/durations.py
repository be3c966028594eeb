"""How long tests took in recent runs: what a schedule and an estimate are made of.

A journal may be long, so that what it says of durations is kept beside it in a small file, which may be lost.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from statistics import median

from framework.contract.verdict import Verdict
from framework.journal.runs import JOURNAL, records

CACHE = "durations.json"
RUNS = 20
"""How many runs are looked at, the last ones."""

COUNTED = frozenset(verdict.value for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.UNMEASURED, Verdict.INVALID))
"""A test that the lab has ended took as long as it took the lab to fail."""

_FINISHED = (b'"kind":"UnitFinished"', b'"kind":"Concluded"')

OfRun = dict[str, dict[str, float]]
"""Model → test id → seconds."""


def durations(reports: Path, runs: int = RUNS) -> Mapping[tuple[str, str], float]:
    """(test id, model of the handset) → host seconds: the median of the last `runs` runs in the folder `reports`.

    A test that uses no handset has the model "". A run that is still being written counts as far as it has come.
    """
    found: dict[tuple[str, str], list[float]] = {}
    for folder in _last(reports, runs):
        for model, tests in of_run(folder).items():
            for test, seconds in tests.items():
                found.setdefault((test, model), []).append(seconds)
    return {key: median(values) for key, values in found.items()}


def of_run(folder: Path) -> OfRun:
    """Durations of one run, from the file beside its journal where that is of the journal's size."""
    try:
        size = (folder / JOURNAL).stat().st_size
    except OSError:
        return {}
    kept = _kept(folder / CACHE, size)
    if kept is not None:
        return kept
    read = _read(folder / JOURNAL)
    _keep(folder / CACHE, size, read)
    return read


def _last(reports: Path, runs: int) -> Iterator[Path]:
    """Folders of runs begin with the time at which they were begun."""
    with suppress(OSError):
        folders = [folder for folder in reports.iterdir() if not folder.is_symlink() and (folder / JOURNAL).is_file()]
        yield from sorted(folders, key=lambda folder: folder.name)[-runs:]


def _read(journal: Path) -> OfRun:
    """A unit's own time is better than its test's, to which the deployment of the build may have come."""
    found: OfRun = {}
    for record in records(journal, _FINISHED):
        with suppress(ValueError, KeyError, TypeError):
            if record["kind"] == "Concluded":
                test, model, verdict, seconds = (record[key] for key in ("id", "model", "verdict", "seconds"))
            else:
                unit, verdict, seconds = (record["result"][key] for key in ("unit", "verdict", "seconds"))
                test, model = unit["id"], unit["handset"]["model"]
            if verdict in COUNTED and seconds > 0:
                tests = found.setdefault(model, {})
                tests[test] = tests.get(test, float(seconds)) if record["kind"] == "Concluded" else float(seconds)
    return found


def _kept(cache: Path, size: int) -> OfRun | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads(cache.read_bytes())
        if content["journal_bytes"] == size:
            found: OfRun = content["seconds"]
            return found
    return None


def _keep(cache: Path, size: int, found: OfRun) -> None:
    """Whole or not at all; a folder that cannot be written is read anew each time."""
    part = cache.with_name(f".{cache.name}-{os.getpid()}")
    with suppress(OSError):
        part.write_text(json.dumps({"journal_bytes": size, "seconds": found}), encoding="utf-8")
        part.replace(cache)
