"""Flaky tests: whose verdict changed from run to run without a change of the build. Pure, but for `past_runs`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from framework.contract.account import Key
from framework.contract.verdict import Verdict
from framework.history.encoding import stored, told

if TYPE_CHECKING:
    from framework.history.store import History

RUNS = 20
"""How many runs are looked at, the last ones."""
MOST_ASKED = 500
"""Tests that a database is asked for by their ids; of more, all are read."""

LAB = frozenset((Verdict.LAB, Verdict.INVALID))
"""Verdicts that say nothing about the build."""


@dataclass(frozen=True, slots=True)
class End:
    """How a test was concluded in one run."""

    id: str
    model: str
    handset: str
    verdict: Verdict
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class PastRun:
    id: str
    name: str
    """Of its folder."""
    build: str
    """Label of its build."""
    build_key: str
    """The same for builds of one label and of the same files."""
    ends: tuple[End, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Of a verdict, from one run to a later one with the same build."""

    build: str
    """Its label."""
    before: Verdict
    after: Verdict
    run: str
    """Name of the later run's folder."""

    @property
    def of_lab(self) -> bool:
        """Whether one of the two says nothing about the build."""
        return bool({self.before, self.after} & LAB)


@dataclass(frozen=True, slots=True)
class Flaky:
    """One test on one model."""

    id: str
    model: str
    """Empty for a test that used no handset."""
    verdicts: Mapping[Verdict, int]
    """How often it ended so, in all runs that were looked at."""
    handsets: Mapping[str, Mapping[Verdict, int]]
    """The same for each handset, by its name."""
    changes: tuple[Change, ...]
    """Of what it says about the build: between PASS and FAIL or UNMEASURED."""
    lab_changes: tuple[Change, ...]
    """Where one of the two was LAB or INVALID: the lab's, whatever the build."""
    retried: int
    """In how many runs it passed only after another attempt."""

    @property
    def key(self) -> Key:
        return self.id, self.model


def past_runs(history: History, runs: int = RUNS, tests: Collection[str] | None = None) -> list[PastRun]:
    """The last runs, the oldest first; of these tests at least. What was not concluded is left out."""
    import sqlalchemy as sa

    from framework.history.tables import NEWEST, RUN, TEST

    last = sa.select(RUN).order_by(*NEWEST).limit(runs)
    found = history.ask(last)[::-1]
    columns = (TEST.c.run, TEST.c.id, TEST.c.model, TEST.c.handset, TEST.c.verdict, TEST.c.attempts)
    question = sa.select(*columns).where(TEST.c.run.in_([row.key for row in found]), TEST.c.concluded)
    if tests is not None and len(tests) <= MOST_ASKED:
        question = question.where(TEST.c.id.in_([stored(test) for test in tests]))
    ends: dict[int, list[End]] = {row.key: [] for row in found}
    for run, test, model, handset, verdict, attempts in history.ask(question.order_by(TEST.c.run, TEST.c.test)):
        ends[run].append(End(told(test), told(model), told(handset), Verdict(verdict), attempts))
    return [
        PastRun(
            id=told(row.id),
            name=told(row.name),
            build=f"{told(row.build_name)} {told(row.build_version)}",
            build_key=row.build,
            ends=tuple(ends[row.key]),
        )
        for row in found
    ]


def flaky(runs: Iterable[PastRun]) -> list[Flaky]:
    """Those whose verdict changed, or that passed only after a retry; the most changes first. Oldest run first.

    FAIL with LAB in between and then PASS is a change of both kinds. A test that nothing ran has no verdict.
    """
    books: dict[Key, _Book] = {}
    for run in runs:
        for end in run.ends:
            if end.verdict is not Verdict.NOT_RUN:
                books.setdefault((end.id, end.model), _Book()).add(run, end)
    found = [book.flaky(*key) for key, book in books.items() if book.changes or book.lab_changes or book.retried]
    return sorted(found, key=lambda one: (-len(one.changes), -len(one.lab_changes), -one.retried, one.id, one.model))


@dataclass(slots=True)
class _Book:
    """What was seen of one test on one model; the last verdicts are kept for each build."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    handsets: dict[str, Counter[Verdict]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    lab_changes: list[Change] = field(default_factory=list)
    retried: int = 0
    _last: dict[str, Verdict] = field(default_factory=dict)
    _last_of_build: dict[str, Verdict] = field(default_factory=dict)

    def add(self, run: PastRun, end: End) -> None:
        verdict, build = end.verdict, run.build_key
        self.verdicts[verdict] += 1
        self.handsets.setdefault(end.handset, Counter())[verdict] += 1
        self.retried += verdict is Verdict.PASS and end.attempts > 1
        before = self._last.get(build, verdict)
        if before is not verdict and {before, verdict} & LAB:
            self.lab_changes.append(Change(run.build, before, verdict, run.name))
        self._last[build] = verdict
        if verdict in LAB:
            return
        said = self._last_of_build.get(build, verdict)
        if said is not verdict:
            self.changes.append(Change(run.build, said, verdict, run.name))
        self._last_of_build[build] = verdict

    def flaky(self, test: str, model: str) -> Flaky:
        changes, lab_changes = tuple(self.changes), tuple(self.lab_changes)
        return Flaky(test, model, self.verdicts, self.handsets, changes, lab_changes, self.retried)
