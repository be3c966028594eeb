"""What the run of a report is compared with."""

from __future__ import annotations

from pathlib import Path

from framework.commands.ini import history_of, reports_of
from framework.commands.past import opened
from framework.contract.account import RunAccount, RunFigures, figures_of
from framework.contract.errors import Problem, UsageError
from framework.journal.account import read_account
from framework.journal.runs import JOURNAL
from framework.report.pack.manifest import BASELINE, figures_parsed

PRUNED = -1
"""What the history says of runs that it is not to know any more."""


def baseline(folder: Path, account: RunAccount, against: str | None, history: str | None) -> RunFigures | None:
    """`against`: the folder of a run, or the name of one beside this one, or in the history.

    Where none is named: what came with an evidence pack, else the last run of another build in the history, if any.
    UsageError: no such run. HistoryError: the history cannot be asked.
    """
    packed = _packed(folder)
    if against is not None:
        return _named(folder, against, history, packed)
    if packed is not None:
        return packed
    with opened(_history(folder, history), folder.parent) as known:
        recorded = known.sizes([account.head.id]).get(account.head.id)
        if recorded == PRUNED:
            return None
        if recorded is None:  # it is being written
            known.record(account)
        return known.baseline(account.head.id)


def _named(folder: Path, against: str, history: str | None, packed: RunFigures | None) -> RunFigures:
    for place in (Path(against), folder.parent / against):
        if (place / JOURNAL).is_file():
            return figures_of(read_account(place.resolve()))
    if packed is not None and against in (packed.head.id, packed.head.name):
        return packed
    with opened(_history(folder, history), folder.parent) as known:
        return known.figures(against)


def _packed(folder: Path) -> RunFigures | None:
    try:
        return figures_parsed((folder / BASELINE).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise UsageError(Problem(f"{error}: unpack it anew, or name a run with --against", str(folder))) from error


def _history(folder: Path, history: str | None) -> str:
    """That of pytest for its own runs; for others the one beside them."""
    here = Path.cwd()
    named = folder.parent != reports_of(None, here).resolve()
    return history_of(history, folder.parent, here, named=named)
