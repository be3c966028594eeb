"""The run that another one is compared with, out of the folders of runs."""

from __future__ import annotations

from pathlib import Path

from framework.contract.account import RunAccount, RunFigures, figures_of
from framework.contract.verdict import Verdict
from framework.journal.account import read_account
from framework.journal.runs import JOURNAL, records

CANDIDATES = 20
ENOUGH = 0.5
"""Of the tests of a run, the share that its baseline should have run too."""


def earlier(reports: Path, run: RunAccount) -> RunFigures | None:
    """The last finished run of another build in `reports` before `run` that has run at least half of its tests."""
    own = _ran(run)
    folders = sorted((one for one in reports.iterdir() if one.is_dir() and not one.is_symlink()), reverse=True)
    for folder in [one for one in folders if one.name < run.head.name and _of_another(one, run)][:CANDIDATES]:
        found = read_account(folder)
        if found.head.finished and len(own & _ran(found)) >= max(ENOUGH * len(own), 1):
            return figures_of(found)
    return None


def _of_another(folder: Path, run: RunAccount) -> bool:
    """By its label or its files; what is no run's folder is none."""
    began = next(records(folder / JOURNAL, (b'"kind":"RunBegan"',)), None)
    build = run.head.build
    return began is not None and (began.get("build") != build.label or began.get("hashes") != dict(build.hashes))


def _ran(run: RunAccount) -> set[tuple[str, str]]:
    return {(test.id, test.model) for test in run.tests if test.verdict is not Verdict.NOT_RUN}
