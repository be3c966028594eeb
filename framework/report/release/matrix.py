"""Scenario × handset: what stands in every cell, what matters first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from framework.contract.account import RunAccount
from framework.contract.metrics import Metric, metric
from framework.contract.run import HandsetIdentity
from framework.contract.verdict import SEVERITY, Verdict
from framework.report.release.outcomes import KEY_METRICS, Outcome, commonest
from framework.report.release.texts import in_order

CROWD = 8
"""Columns that one sees at once; of more, those with most to look at come first."""
QUIET = (Verdict.PASS, Verdict.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    """Model, or model and handset; empty for tests that no handset ran."""
    handsets: tuple[HandsetIdentity, ...]


@dataclass(frozen=True, slots=True)
class Row:
    file: str
    title: str
    metric: Metric | None
    """What the figures in its cells are."""
    cells: tuple[tuple[Outcome, ...], ...]
    """A column each; usually one outcome, none where it was not to run there."""

    @property
    def clean(self) -> bool:
        """Nothing to look at: what ran passed, at the first attempt, as before."""
        return not any(
            one.verdict not in QUIET or one.earlier or one.test.attempts > 1 or one.since
            for cell in self.cells
            for one in cell
        )

    @property
    def blames(self) -> bool:
        return any(one.verdict.blames_build for cell in self.cells for one in cell)

    @property
    def reason(self) -> str:
        """What most of its cells that are no pass say."""
        return commonest(one.reason for cell in self.cells for one in cell if one.verdict not in QUIET)

    @property
    def weight(self) -> tuple[int, int, int]:
        """Gravest first, then those with most of it, then those that were run again."""
        found = [one for cell in self.cells for one in cell]
        worst = max((SEVERITY.index(one.verdict) for one in found if one.verdict is not Verdict.NOT_RUN), default=0)
        count = sum(SEVERITY.index(one.verdict) == worst for one in found) if worst else 0
        return -worst, -count, -sum(len(one.earlier) for one in found)


@dataclass(frozen=True, slots=True)
class Matrix:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    """What is not clean, gravest first."""
    clean: tuple[Row, ...]


def matrix(run: RunAccount, found: Iterable[Outcome]) -> Matrix:
    cells: dict[tuple[str, str], dict[str, list[Outcome]]] = {}
    names: dict[str, int] = {}
    for one in found:
        names[one.spot.column] = names.get(one.spot.column, 0) + (one.verdict not in QUIET)
        cells.setdefault((one.spot.file, one.spot.title), {}).setdefault(one.spot.column, []).append(one)
    order = in_order(names if len(names) <= CROWD else sorted(names, key=lambda name: -names[name]))
    rows = [_row(*key, row, order) for key, row in cells.items()]
    troubled = sorted((row for row in rows if not row.clean), key=lambda row: row.weight)
    columns = tuple(Column(name, tuple(_of(name, run.handsets))) for name in order)
    return Matrix(columns, tuple(troubled), tuple(row for row in rows if row.clean))


def _row(file: str, title: str, cells: Mapping[str, list[Outcome]], order: Iterable[str]) -> Row:
    has = {name for cell in cells.values() for one in cell for name in one.figures}
    name = next((name for name in KEY_METRICS if name in has), None)
    return Row(file, title, metric(name) if name else None, tuple(tuple(cells.get(column, ())) for column in order))


def _of(column: str, handsets: Mapping[str, HandsetIdentity]) -> Iterator[HandsetIdentity]:
    """The handsets of a column."""
    for one in handsets.values():
        if column in (one.model, f"{one.model}, {one.name}"):
            yield one
