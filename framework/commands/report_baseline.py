"""What the run of a report is compared with."""

from __future__ import annotations

from pathlib import Path

from framework.contract.account import RunAccount, RunFigures, figures_of
from framework.contract.errors import Problem, UsageError
from framework.history import open_history
from framework.history.address import DATABASE
from framework.journal.account import read_account
from framework.journal.runs import JOURNAL
from framework.report.pack.manifest import BASELINE, figures_parsed


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
    with open_history(_history(folder, history)) as known:
        known.record(account, (folder / JOURNAL).stat().st_size)
        return known.baseline(account.head.id)


def _named(folder: Path, against: str, history: str | None, packed: RunFigures | None) -> RunFigures:
    for place in (Path(against), folder.parent / against):
        if (place / JOURNAL).is_file():
            return figures_of(read_account(place.resolve()))
    if packed is not None and against in (packed.head.id, packed.head.name):
        return packed
    with open_history(_history(folder, history)) as known:
        return known.figures(against)


def _packed(folder: Path) -> RunFigures | None:
    try:
        return figures_parsed((folder / BASELINE).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise UsageError(Problem(f"{error}: unpack it anew, or name a run with --against", str(folder))) from error


def _history(folder: Path, history: str | None) -> str | Path:
    return history if history is not None else folder.parent / DATABASE
