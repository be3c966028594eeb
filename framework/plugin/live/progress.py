"""How far a run is, from the records of its journal and from what its controller knows. Pure: no clock, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from framework.contract.run import Conclusion
from framework.contract.verdict import Verdict

Expected = Mapping[tuple[str, str], float]
"""(test id, model) → seconds of host time."""

WAITS_FOR_S = 15.0
"""A wait is told again every few seconds; one that is not any more is over."""


@dataclass(slots=True)
class Row:
    """One handset. Times are host seconds since 1970."""

    handset: str
    model: str = ""
    test: str = ""
    """What runs."""
    since: float = 0.0
    turns: int = 0
    """How many turns of it have ended."""
    skin_c: float | None = None
    battery_pct: float | None = None
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    waits: str = ""
    """For which start condition."""
    awaited: str = ""
    """Who else has the handset."""
    awaited_since: float = 0.0
    awaited_until: float = 0.0
    """When it is given up."""
    told_at: float = 0.0
    """When one of the two was told last."""
    quarantined: str = ""
    """For what."""
    ended: bool = False
    """Nothing more is run there."""

    def began(self, test: str, at: float, model: str = "") -> None:
        if self.test != test:
            self.test, self.since, self.turns = test, at, 0
        self.model, self.waits, self.awaited = model or self.model, "", ""

    def finished(self, test: str) -> None:
        if self.test == test:
            self.test, self.waits, self.awaited = "", "", ""


class Progress:
    """Of one run; `kept` are conclusions of the run that it continues."""

    def __init__(self, kept: Iterable[Conclusion] = (), expected: Expected | None = None) -> None:
        self.rows: dict[str, Row] = {}
        self.verdicts: Counter[Verdict] = Counter()
        self.retries = 0
        self.last_at = 0.0
        """When a test ended last."""
        self._took: list[float] = []
        self._usual_took: float | None = None
        self.expect(expected or {})
        self._open: dict[str, None] = {}
        self._done: set[str] = set()
        for conclusion in kept:
            self._conclude(conclusion.id, conclusion.verdict)

    def expect(self, expected: Expected) -> None:
        """What tests have taken in runs before."""
        found: dict[str, list[float]] = {}
        for (test, _), seconds in expected.items():
            found.setdefault(test, []).append(seconds)
        self._expected, self._anywhere = expected, {test: median(values) for test, values in found.items()}

    # -- what is told ----------------------------------------------------------------------------------------------

    def fleet(self, models: Mapping[str, str], present: Iterable[str], quarantined: Mapping[str, str]) -> None:
        """The handsets of the run by name, with their models; those that have a worker; those that may not go on."""
        there = set(present)
        for name, model in models.items():
            row = self.row(name)
            row.model, row.ended = model, name not in there
        for name, cause in quarantined.items():
            self.row(name).quarantined = cause

    def started(self, test: str, handset: str, at: float) -> None:
        """As pytest tells it; a unit tells it itself, with its handset."""
        if handset:
            self.row(handset).began(test, at)

    def retried(self) -> None:
        self.retries += 1

    def take(self, record: Mapping[str, Any]) -> None:
        """A record of the journal; what is torn or of another version is passed over."""
        with suppress(KeyError, TypeError, ValueError):
            kind, at = record["kind"], float(record["at"])
            if kind == "Scheduled":
                self._open.update(dict.fromkeys(test for test in map(str, record["ids"]) if test not in self._done))
            elif kind in ("Concluded", "GivenUp"):
                self._concluded(record, at)
            elif kind == "UnitFinished":
                self.row(record["result"]["unit"]["handset"]["name"]).finished(record["result"]["unit"]["id"])
            elif kind == "HandsetAwaited":
                row = self.row(record["handset"])
                row.awaited, row.told_at = str(record["what"]), at
                row.awaited_since, row.awaited_until = at - float(record["waited_s"]), at + float(record["left_s"])
            elif "unit" in record:
                self._unit(kind, record, at)

    def row(self, handset: str) -> Row:
        return self.rows.setdefault(handset, Row(handset))

    # -- what is known ---------------------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        return len(self._open) + len(self._done)

    @property
    def done(self) -> int:
        return len(self._done)

    def left_s(self, row: Row, now: float) -> float | None:
        """How long what runs there will still run, of seconds; negative where it runs for longer than usual."""
        usual = self._usual(row.test, row.model) if row.test else None
        return None if usual is None else usual - (now - row.since)

    def run_left_s(self, now: float) -> float | None:
        """How long the run will take still; None before anything is known of how long its tests take."""
        rows = [row for row in self.rows.values() if not row.ended and not row.quarantined]
        running = {row.test for row in rows if row.test}
        waiting = [self._guess(test) for test in self._open if test not in running]
        now_running = [max(0.0, self.left_s(row, now) or 0.0) for row in rows if row.test]
        guesses = [seconds for seconds in waiting if seconds is not None]
        if not rows or len(guesses) < len(waiting) or not (guesses or now_running):
            return None
        work = sum(guesses) + sum(now_running)
        return max(work / len(rows), *now_running, *guesses, 0.0)

    def _usual(self, test: str, model: str) -> float | None:
        known = self._expected.get((test, model))
        return known if known is not None else self._guess(test)

    def _guess(self, test: str) -> float | None:
        """On whichever handset; for a test that has never been run, what the others of this run take."""
        return self._anywhere.get(test, self._usual_took)

    # --------------------------------------------------------------------------------------------------------------

    def _unit(self, kind: str, record: Mapping[str, Any], at: float) -> None:
        unit = record["unit"]
        row = self.row(unit["handset"]["name"])
        row.began(unit["id"], at, unit["handset"]["model"])
        if kind == "TurnFinished":
            row.turns += 1
            gauges = record["gauges"]
            row.skin_c = gauges.get("skin_c", row.skin_c)
            row.battery_pct = gauges.get("battery_level_pct", row.battery_pct)
        elif kind == "Waiting":
            row.waits, row.told_at = _wait(record), at

    def _concluded(self, record: Mapping[str, Any], at: float) -> None:
        test, verdict = str(record["id"]), Verdict(record["verdict"])
        self.last_at = at
        self._conclude(test, verdict)
        for row in self.rows.values():
            row.finished(test)
        if record.get("handset"):
            self.row(record["handset"]).verdicts[verdict] += 1
        if record.get("attempts") and float(record["seconds"]) > 0:
            self._took.append(float(record["seconds"]))
            self._usual_took = median(self._took)

    def _conclude(self, test: str, verdict: Verdict) -> None:
        self._open.pop(test, None)
        if test not in self._done:
            self._done.add(test)
            self.verdicts[verdict] += 1


def _wait(record: Mapping[str, Any]) -> str:
    ready = record["ready_in_s"]
    when = "" if ready is None else f", ready in about {float(ready):.0f} s"
    return f"{record['what']}, now {float(record['value']):.4g}{when}"
