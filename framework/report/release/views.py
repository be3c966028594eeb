"""The lists of the page, cut to the room that there is: folded, what is clean by folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from framework.contract.verdict import Verdict
from framework.report.release.facts import Facts
from framework.report.release.matrix import Row
from framework.report.release.outcomes import Group, Since, grouped_by_scenario

SHOWN: tuple[Since, ...] = ("broken", "appeared", "still", "failing", "undecided", "fixed")
"""Lists of what changed, in their order."""

SEEN = 10
"""Scenarios of a list of changes, before the rest is folded."""

OPEN_ROWS = 60
"""Of the matrix, before the rest is folded."""


@dataclass(frozen=True, slots=True)
class Changes:
    kind: Since
    tests: int
    groups: tuple[Group, ...]
    left_out: int
    """Scenarios."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Clean rows of one folder of suites."""

    folder: str
    rows: tuple[Row, ...]
    tests: int


@dataclass(frozen=True, slots=True)
class View:
    changes: tuple[Changes, ...]
    added: int
    removed: tuple[str, ...]
    """Titles."""
    rows: tuple[Row, ...]
    """That one sees."""
    rest: tuple[Row, ...]
    """To look at as well, folded."""
    folds: tuple[Fold, ...]
    unlisted: int
    """Rows for which there is no room."""


def view(facts: Facts, groups: int, rows: int) -> View:
    """At most `groups` scenarios a list and `rows` rows in the matrix."""
    troubled, clean = facts.matrix.rows, facts.matrix.clean
    small = len(troubled) + len(clean) <= OPEN_ROWS
    seen = (*troubled, *clean) if small else troubled[:OPEN_ROWS]
    rest = () if small else troubled[OPEN_ROWS:rows]
    folded = () if small else clean[: max(rows - len(seen) - len(rest), 0)]
    return View(
        changes=tuple(found for kind in SHOWN if (found := _changes(facts, kind, groups)).tests),
        added=len(facts.since("added")) + sum(one.before is None for one in facts.since("appeared")),
        removed=tuple(dict.fromkeys(test.partition("::")[2] or test for test, _, _ in facts.gone)),
        rows=seen,
        rest=rest,
        folds=tuple(_folds(folded)),
        unlisted=len(troubled) + len(clean) - len(seen) - len(rest) - len(folded),
    )


def _changes(facts: Facts, kind: Since, most: int) -> Changes:
    found = facts.since(kind)
    groups = grouped_by_scenario(found)
    return Changes(kind, len(found), groups[:most], max(len(groups) - most, 0))


def _folds(rows: Iterable[Row]) -> list[Fold]:
    folders: dict[str, list[Row]] = {}
    for row in rows:
        folders.setdefault(str(PurePosixPath(row.file).parent), []).append(row)
    return [Fold(folder, tuple(found), sum(map(_ran, found))) for folder, found in folders.items()]


def _ran(row: Row) -> int:
    return sum(one.verdict is not Verdict.NOT_RUN for cell in row.cells for one in cell)
