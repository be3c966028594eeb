"""At the end of a run: which of its failures are of tests that earlier runs know as flaky."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from framework.contract.run import Conclusion
from framework.journal.flaky import RUNS, flaky, last_runs
from framework.plugin.summary import Line

MOST = 3
"""Tests that are named."""


def flaky_line(conclusions: Iterable[Conclusion], reports: Path, own: Path) -> Iterator[Line]:
    """None where no failure is of such a test; `own` is the folder of this run, which does not count."""
    failed = {(one.id, one.model) for one in conclusions if one.verdict.blames_build}
    if not failed:
        return
    earlier = [run for run in last_runs(reports, RUNS + 1) if run.folder.name != own.name]
    known = [one.id for one in flaky(earlier) if one.changes and one.key in failed]
    if not known:
        return
    failures = f"{len(known)} of {len(failed)} failures" if len(failed) > 1 else "the failure"
    names = ", ".join(known[:MOST]) + (f" and {len(known) - MOST} more" if len(known) > MOST else "")
    whose = "it" if len(known) == 1 else "they"
    yield "flaky", f"{failures}: with one build {whose} passed and failed before: {names} (farm flaky)"
