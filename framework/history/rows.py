"""A run's account as rows of its tables, values in the order of the columns, and back what a comparison needs."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from framework.contract.account import (
    Key,
    RepetitionAccount,
    RunAccount,
    RunFigures,
    RunHead,
    TestAccount,
    UnitAccount,
)
from framework.contract.run import BuildIdentity, HandsetIdentity
from framework.contract.verdict import Verdict
from framework.history.encoding import dumped, listed, stored, texts, told, word
from framework.history.serials import Serials

Row = tuple[Any, ...]
VERDICTS = {verdict.value: verdict for verdict in Verdict}


def build_key(build: BuildIdentity) -> str:
    """The same for builds of one label and of the same files."""
    said = json.dumps([build.label, sorted(build.hashes.items())])  # ASCII, whatever is in it
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def run_row(run: RunAccount, figures: RunFigures, journal_bytes: int | None) -> dict[str, Any]:
    """By column; `key` is the database's."""
    head, build, serials = run.head, run.head.build, Serials(run.handsets)
    counts = Counter(test.verdict.value for test in run.tests)
    return {
        "id": stored(head.id),
        "name": stored(head.name),
        "began_at": head.began_at,
        "ended_at": head.ended_at,
        "build": build_key(build),
        "build_name": stored(build.name),
        "build_version": stored(build.version),
        "package": stored(build.package),
        "build_model": stored(build.model),
        "hashes": dumped({stored(file): stored(digest) for file, digest in build.hashes.items()}),
        "scaled": build.scaled,
        "weight_bytes": build.weight_bytes,
        "version": stored(head.version),
        "arguments": listed(serials.left_out(head.arguments)),
        "finished": head.finished,
        "lab": listed(serials.left_out(run.lab)),
        "verdicts": dumped(counts),
        "journal_bytes": journal_bytes,
        "courses": dumped([stored(model), metric, found] for (model, metric), found in figures.courses.items()),
    }


@dataclass(slots=True)
class Rows:
    """Of everything but the run itself, by table; made before the database is asked, which others may wait for."""

    serials: Serials
    handset: list[Row] = field(default_factory=list)
    test: list[Row] = field(default_factory=list)
    unit: list[Row] = field(default_factory=list)
    repetition: list[Row] = field(default_factory=list)
    turn: list[Row] = field(default_factory=list)
    metric: list[Row] = field(default_factory=list)
    sampled: list[Row] = field(default_factory=list)

    def add_test(self, test: TestAccount, figures: Mapping[str, Sequence[float]]) -> None:
        number, said = len(self.test), (test.id, test.title, test.file, test.verdict.value)
        where, took = (stored(test.handset), stored(test.model)), (test.seconds, test.attempts, test.concluded)
        self.test.append((number, *map(stored, said), self._said(test.reasons), *where, *took, dumped(figures)))
        for unit in test.units:
            self._add_unit(number, unit)

    def _add_unit(self, test: int, unit: UnitAccount) -> None:
        number = len(self.unit)
        said = stored(unit.handset), stored(unit.model), unit.verdict.value, self._said(unit.reasons)
        self.unit.append((number, test, *said, unit.seconds, unit.ended_at))
        for repetition in unit.repetitions:
            self._add_repetition(number, repetition)

    def _add_repetition(self, unit: int, made: RepetitionAccount) -> None:
        number = len(self.repetition)
        doubts = dumped([(rule, self.serials.without(reason)) for rule, reason in made.doubts])
        said = made.verdict.value, self._said(made.reasons), stored(made.folder), doubts, self._said(made.mended)
        self.repetition.append((number, unit, made.number, made.attempt, *said, made.counts))
        for turn in made.turns:
            at, verdict, words = len(self.turn), turn.verdict.value, (stored(turn.asked), stored(turn.reply))
            self.turn.append((at, number, turn.number, *words, verdict, turn.at_s, self._said(turn.failed)))
            for one in turn.figures:
                measured = _finite(one.value), _finite(one.bound), word(one.method), listed(one.doubted)
                self.metric.append((at, word(one.metric), *measured))
        for each in made.sampled:
            course = dumped(each.quantiles), dumped(each.curve), listed(each.doubted)
            self.sampled.append((number, word(each.metric), each.samples, *course))

    def add_handset(self, name: str, who: HandsetIdentity) -> None:
        said = (name, who.manufacturer, who.model, who.soc, who.android)
        facts = who.sdk, who.ram_gb, who.foldable, who.emulated
        screen = stored(self.serials.without(who.screen))
        more = stored(who.fingerprint), listed(who.tags), screen, stored(who.system), listed(who.fold_states)
        self.handset.append((*map(stored, said), *facts, *more))

    def _said(self, texts: Sequence[str]) -> str:
        return listed(self.serials.left_out(texts)) if texts else "[]"


def rows_of(run: RunAccount, measured: RunFigures) -> Rows:
    """`measured`: what `figures_of` says of it."""
    rows, figures = Rows(Serials(run.handsets)), _by_test(measured)
    for name, who in run.handsets.items():
        rows.add_handset(name, who)
    for test in run.tests:
        rows.add_test(test, figures.get((test.id, test.model), {}))
    return rows


def _by_test(found: RunFigures) -> dict[Key, dict[str, tuple[float, ...]]]:
    figures: dict[Key, dict[str, tuple[float, ...]]] = {}
    for (test, model, metric), values in found.values.items():
        figures.setdefault((test, model), {})[metric] = values
    return figures


def _finite(value: float | None) -> float | None:
    """SQLite has no NaN."""
    return None if value is None or math.isnan(value) else value


# -- and back --------------------------------------------------------------------------------------------------------


def head_of(row: Any) -> RunHead:
    build = BuildIdentity(
        name=told(row.build_name),
        version=told(row.build_version),
        package=told(row.package),
        model=told(row.build_model),
        hashes={told(file): told(digest) for file, digest in json.loads(row.hashes).items()},
        scaled=row.scaled,
        weight_bytes=row.weight_bytes,
    )
    return RunHead(
        id=told(row.id),
        name=told(row.name),
        began_at=row.began_at,
        ended_at=row.ended_at,
        build=build,
        version=told(row.version),
        arguments=texts(row.arguments),
        finished=row.finished,
    )


def figures_from(run: Any, rows: Sequence[Any]) -> RunFigures:
    """`run`: its row; `rows`: (id, model, verdict, figures) of each test."""
    tests = [(told(test), told(model)) for test, model, _, _ in rows]
    figures = json.loads(f"[{','.join([found for _, _, _, found in rows])}]")  # at once: there may be thousands
    values = {
        (test, model, metric): tuple(found)
        for (test, model), measured in zip(tests, figures, strict=True)
        for metric, found in measured.items()
    }
    verdicts = {key: VERDICTS[verdict] for key, (_, _, verdict, _) in zip(tests, rows, strict=True)}
    courses = {(told(model), metric): tuple(found) for model, metric, found in json.loads(run.courses)}
    return RunFigures(head_of(run), verdicts, values, courses)
