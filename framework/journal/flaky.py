"""Flaky tests: whose verdict changed from run to run without a change of the build. Pure, but for `last_runs`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict
from framework.journal.runs import JOURNAL, RunBegan, RunRecord, read_run

RUNS = 20
"""How many runs are looked at, the last ones."""

LAB = frozenset((Verdict.LAB, Verdict.INVALID))
"""Verdicts that say nothing about the build."""

Key = tuple[str, str]
"""A test's id and the model that it ran on: the same on another model is another test."""


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


def last_runs(reports: Path, runs: int = RUNS) -> list[RunRecord]:
    """The last runs in a folder, the oldest first; those of which no journal tells how they began are left out."""
    found: list[Path] = []
    with suppress(OSError):
        found = [folder for folder in reports.iterdir() if not folder.is_symlink() and (folder / JOURNAL).is_file()]
    records = map(read_run, sorted(found, key=lambda folder: folder.name)[-runs:])
    return [record for record in records if record.began is not None]


def flaky(runs: Iterable[RunRecord]) -> list[Flaky]:
    """Those whose verdict changed, or that passed only after a retry; the most changes first. Oldest run first.

    FAIL with LAB in between and then PASS is a change of both kinds. A test that nothing ran has no verdict.
    """
    books: dict[Key, _Book] = {}
    for run in runs:
        if run.began is not None:
            for conclusion in run.conclusions.values():
                if conclusion.verdict is not Verdict.NOT_RUN:
                    books.setdefault((conclusion.id, conclusion.model), _Book()).add(run.folder, run.began, conclusion)
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
    _last: dict[object, Verdict] = field(default_factory=dict)
    _last_of_build: dict[object, Verdict] = field(default_factory=dict)

    def add(self, folder: Path, run: RunBegan, conclusion: Conclusion) -> None:
        verdict, build = conclusion.verdict, (run.build, *sorted(run.hashes.items()))
        self.verdicts[verdict] += 1
        self.handsets.setdefault(conclusion.handset, Counter())[verdict] += 1
        self.retried += verdict is Verdict.PASS and conclusion.attempts > 1
        before = self._last.get(build, verdict)
        if before is not verdict and {before, verdict} & LAB:
            self.lab_changes.append(Change(run.build, before, verdict, folder.name))
        self._last[build] = verdict
        if verdict in LAB:
            return
        said = self._last_of_build.get(build, verdict)
        if said is not verdict:
            self.changes.append(Change(run.build, said, verdict, folder.name))
        self._last_of_build[build] = verdict

    def flaky(self, test: str, model: str) -> Flaky:
        changes, lab_changes = tuple(self.changes), tuple(self.lab_changes)
        return Flaky(test, model, self.verdicts, self.handsets, changes, lab_changes, self.retried)
