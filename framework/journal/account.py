"""A run's account out of its folder: its journal tells all of it but the recordings themselves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from framework.contract.account import (
    Figure,
    RepetitionAccount,
    RunAccount,
    RunHead,
    Sampled,
    TestAccount,
    TurnAccount,
    UnitAccount,
)
from framework.contract.errors import Problem, UsageError
from framework.contract.run import BuildIdentity, Conclusion, HandsetIdentity, Unit
from framework.contract.trace import Doubt
from framework.contract.verdict import Verdict, gravest
from framework.journal.places import repetition_place
from framework.journal.records import rebuilt
from framework.journal.runs import JOURNAL, RunBegan, RunRecord, read_run, records

_MARKS = (b'"kind":"RunBegan"', b'"kind":"RepetitionFinished"', b'"kind":"UnitFinished"', b'"kind":"Concluded"')


def read_account(folder: Path) -> RunAccount:
    """Of a run that is over, or as far as it has come. UsageError: the folder is not that of a run."""
    record = read_run(folder)
    if record.began is None:
        raise UsageError(
            Problem(f"expected the folder of a run, with its {JOURNAL}, such as reports/latest", str(folder))
        )
    book = _Book()
    for entry in records(folder / JOURNAL, _MARKS):
        with suppress(ValueError, KeyError, TypeError, LookupError):
            book.take(entry)
    tests = tuple(_test(test, record, book) for test in _every(record))
    return RunAccount(_head(folder, record, record.began, book), book.handsets, tests, tuple(_lab(record)))


@dataclass(slots=True)
class _Book:
    """What was read so far; `open` are the repetitions of units that have not ended."""

    handsets: dict[str, HandsetIdentity] = field(default_factory=dict)
    builds: dict[str, BuildIdentity] = field(default_factory=dict)
    """By their labels."""
    scenarios: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Test id → (scenario, file)."""
    units: dict[str, list[UnitAccount]] = field(default_factory=dict)
    open: dict[tuple[str, str], list[RepetitionAccount]] = field(default_factory=dict)
    """By test id and name of the handset."""
    began_at: float = 0.0
    ended_at: float = 0.0

    def take(self, entry: Mapping[str, Any]) -> None:
        at = float(entry["at"])
        self.began_at, self.ended_at = self.began_at or at, max(self.ended_at, at)
        if entry["kind"] == "RepetitionFinished":
            unit = self._unit(entry["unit"])
            self.open.setdefault((unit.id, unit.handset.name), []).append(_repetition(unit, entry))
        elif entry["kind"] == "UnitFinished":
            self._ended(self._unit(entry["result"]["unit"]), entry["result"], at)

    def _unit(self, content: Mapping[str, Any]) -> Unit:
        name, label = content["handset"]["name"], f"{content['build']['name']} {content['build']['version']}"
        if name not in self.handsets:
            self.handsets[name] = rebuilt(HandsetIdentity, content["handset"])
        if label not in self.builds:
            self.builds[label] = rebuilt(BuildIdentity, content["build"])
        unit = Unit(content["id"], content["scenario"], content["file"], self.handsets[name], self.builds[label])
        self.scenarios[unit.id] = unit.scenario, unit.file
        return unit

    def _ended(self, unit: Unit, result: Mapping[str, Any], at: float) -> None:
        made = self.open.pop((unit.id, unit.handset.name), [])
        last = {one.number: one.attempt for one in made}
        self.units.setdefault(unit.id, []).append(
            UnitAccount(
                handset=unit.handset.name,
                model=unit.handset.model,
                verdict=Verdict(result["verdict"]),
                reasons=tuple(map(str, result["reasons"])),
                seconds=float(result["seconds"]),
                ended_at=at,
                repetitions=tuple(replace(one, counts=last[one.number] == one.attempt) for one in made),
            )
        )


def _every(record: RunRecord) -> Iterable[str]:
    return dict.fromkeys((*record.scheduled, *record.conclusions, *record.ended))


def _head(folder: Path, record: RunRecord, began: RunBegan, book: _Book) -> RunHead:
    """The build as its units were told of it; where none ran, as the run was asked for."""
    name, _, version = began.build.rpartition(" ")
    build = book.builds.get(began.build, BuildIdentity(name, version, "", "", began.hashes))
    name = folder.resolve().name
    finished = all(test in record.conclusions for test in record.scheduled)
    return RunHead(
        id=began.id or name,
        name=name,
        began_at=book.began_at,
        ended_at=book.ended_at,
        build=build,
        version=began.version,
        arguments=began.arguments,
        finished=finished,
        redacted=dict(record.redacted) if began.redacts else None,
    )


def _lab(record: RunRecord) -> Iterator[str]:
    for failure in record.teardowns:
        where = f" on {failure.handset}" if failure.handset else ""
        yield f"{failure.verdict.value} after {failure.id}{where}: {'; '.join(failure.reasons)}"


# -- one test --------------------------------------------------------------------------------------------------------


def _test(test: str, record: RunRecord, book: _Book) -> TestAccount:
    title, file = book.scenarios.get(test) or named(test)
    units, end = tuple(book.units.get(test, ())), record.conclusions.get(test) or _unconcluded(test, record)
    return TestAccount(
        id=test,
        title=title,
        file=file,
        verdict=end.verdict,
        reasons=end.reasons,
        handset=end.handset,
        model=end.model,
        seconds=end.seconds,
        attempts=end.attempts,
        concluded=test in record.conclusions,
        units=units,
    )


def named(test: str) -> tuple[str, str]:
    """(what people call a test, its file) of a node id, without the model in brackets that `--each` has given it."""
    file, _, rest = test.partition("::")
    name = rest.rpartition("::")[2] or file
    return (name.rpartition("[")[0] if name.endswith("]") else name) or name, file


def _unconcluded(test: str, record: RunRecord) -> Conclusion:
    """The run has not come to its end: a unit that has ended is the best that is known."""
    end = record.ended.get(test)
    if end is None:
        return Conclusion(test, Verdict.NOT_RUN, ("the run ended before this test",), attempts=0)
    return Conclusion(test, end.verdict, end.reasons, end.handset, end.model, end.seconds, record.attempts.get(test, 1))


def _repetition(unit: Unit, entry: Mapping[str, Any]) -> RepetitionAccount:
    made = entry["repetition"]
    doubts = tuple(rebuilt(Doubt, one) for one in made.get("doubts", ()))
    start_ns = int((made.get("trace") or {}).get("start_ns", 0))
    return RepetitionAccount(
        number=int(made["number"]),
        attempt=int(made["attempt"]),
        verdict=Verdict(made["verdict"]),
        reasons=tuple(map(str, made["reasons"])),
        folder=str(repetition_place(unit, int(made["number"]), int(made["attempt"]))),
        turns=tuple(_turn(turn, doubts, start_ns) for turn in made["turns"]),
        sampled=tuple(rebuilt(Sampled, one) for one in entry.get("sampled", ())),
        doubts=tuple((doubt.rule, doubt.reason) for doubt in doubts),
        mended=tuple(map(str, made.get("mended", ()))),
    )


def _turn(turn: Mapping[str, Any], doubts: Iterable[Doubt], start_ns: int) -> TurnAccount:
    own = [doubt for doubt in doubts if doubt.start_ns <= turn["end_ns"] and doubt.end_ns >= turn["start_ns"]]
    checks = [(Verdict(check["verdict"]), check) for check in turn["checks"]]
    return TurnAccount(
        number=int(turn["number"]),
        asked=str(turn["asked"]),
        reply=str(turn["reply"]),
        verdict=gravest(tuple(verdict for verdict, _ in checks)),
        at_s=round((turn["start_ns"] - start_ns) / 1e9, 3) if start_ns else 0.0,
        figures=tuple(_figure(name, float(value), turn, own) for name, value in turn["metrics"].items()),
        failed=tuple(
            f"{check['name']}: expected {check['expected']}, found {check['found']}"
            for verdict, check in checks
            if verdict is not Verdict.PASS
        ),
    )


def _figure(metric: str, value: float, turn: Mapping[str, Any], doubts: Iterable[Doubt]) -> Figure:
    """With the bound of the most exact method that says so."""
    said = [
        (float(one["bound"]), str(one["method"]))
        for one in turn.get("estimates", ())
        if one["metric"] == metric and math.isclose(one["value"], value, rel_tol=1e-9)
    ]
    bound, method = min(said) if said else (None, "")
    rules = dict.fromkeys(doubt.rule for doubt in doubts if doubt.concerns(metric))
    return Figure(metric, value, bound, method, tuple(rules))
