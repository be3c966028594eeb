"""A repetition's recording on disk, written while it is made: `begin`, `piece` by `piece`, each `turn`, `end`.

Each record is one line, written at once, so that kill -9 takes nothing but what the recorder had not told yet, at
most a second. It is synced to the disk at its end; a power cut may take what came less than about 30 s before.
What `end` knows otherwise than the pieces told it (a turn judged again, a series made at the end) stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from framework.contract.errors import Problem, UsageError
from framework.contract.run import Repetition, TraceBegan, Unit
from framework.contract.trace import ClockFit, Series, Span, Trace, TracePiece
from framework.contract.turn import TurnRecord
from framework.contract.verdict import Verdict
from framework.journal.lines import Lines, read_lines
from framework.journal.records import plain, rebuilt

BROKEN_OFF = "the recording broke off before its end: the process that made it was ended"


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file holds; `finished` is False where the process was ended before the repetition was judged."""

    unit: Unit
    repetition: Repetition
    finished: bool


@dataclass(frozen=True, slots=True)
class _Begin:
    """The first record: what is recorded; no clock where nothing could be."""

    unit: Unit
    repetition: int
    attempt: int
    clock: ClockFit | None
    start_ns: int


class TraceWriter:
    """One recording that is being written; a repetition that was never recorded has only its beginning and end."""

    def __init__(self, path: Path, unit: Unit, number: int, attempt: int, began: TraceBegan | None = None) -> None:
        self._lines = Lines(path, fresh=True)
        self._told = _Told()
        self._began = began
        clock, start_ns = (None, 0) if began is None else (began.clock, began.start_ns)
        self._lines.record("begin", plain(_Begin(unit, number, attempt, clock, start_ns)))

    def piece(self, piece: TracePiece) -> None:
        self._told.take(piece)
        self._lines.record("piece", {name: value for name, value in plain(piece).items() if value})

    def turn(self, turn: TurnRecord) -> None:
        self._told.turns.append(turn)
        self._lines.record("turn", {"turn": plain(turn)})

    def end(self, repetition: Repetition) -> Repetition:
        """The verdict, and what was told otherwise before; the file is on the disk and closed afterwards.

        A repetition whose handset was lost has no trace: it is given back with what was told until then.
        """
        if repetition.trace is None and self._began is not None:
            trace = self._told.so_far(self._began.clock, self._began.start_ns)
            repetition = replace(repetition, trace=trace, turns=repetition.turns or tuple(self._told.turns))
        content = plain(replace(repetition, turns=(), trace=None))
        del content["turns"], content["trace"]
        if repetition.turns != tuple(self._told.turns):
            content["turns"] = plain(repetition.turns)
        if repetition.trace is not None:
            content["trace"] = self._told.remainder(repetition.trace)
        self._lines.record("end", {"repetition": content})
        self._lines.sync()
        self.close()
        return repetition

    def close(self) -> None:
        self._lines.close()


def read_trace(path: Path) -> Recording:
    """The recording in the file; a torn last line is passed over. UsageError: no such file, or it is none."""
    try:
        records = _records(path)
    except OSError as error:
        raise UsageError(Problem(error.strerror or str(error), str(path))) from None
    reader = _Reader()
    for line, record in records:
        try:
            reader.take(record)
        except (ValueError, KeyError, TypeError) as error:
            raise _unreadable(path, line, f"the record `{record['kind']}` of a recording ({error})") from error
    return reader.recording()


def _records(path: Path) -> list[tuple[int, dict[str, Any]]]:
    lines = list(read_lines(path))
    if lines and lines[-1][1] is None:
        lines.pop()
    whole = [(line, record) for line, record in lines if record is not None]
    if not whole or whole[0][1]["kind"] != "begin":
        raise _unreadable(path, 1, 'the beginning of a recording, {"v":1,…,"kind":"begin",…}, as in a trace.jsonl')
    if len(whole) < len(lines):
        torn = next(line for line, record in lines if record is None)
        raise _unreadable(path, torn, "a record of the recording; only the last line may be torn")
    return whole


def _unreadable(path: Path, line: int, expected: str) -> UsageError:
    return UsageError(Problem(f"expected {expected}", str(path), line))


class _Told:
    """The pieces and turns of a recording so far."""

    def __init__(self) -> None:
        self.turns: list[TurnRecord] = []
        self._points: dict[str, list[tuple[int, float]]] = {}
        self._units: dict[str, str] = {}
        self._listed: dict[str, list[Any]] = {"events": [], "instants": [], "notes": []}

    def take(self, piece: TracePiece) -> None:
        for sample in piece.samples:
            for name, value in sample.values.items():
                self._points.setdefault(name, []).append((sample.device_ns, value))
        self._units.update(piece.units)
        for name, entries in self._listed.items():
            entries += getattr(piece, name)

    def series(self) -> dict[str, Series]:
        return {name: Series(name, self._units.get(name, ""), tuple(points)) for name, points in self._points.items()}

    def listed(self) -> dict[str, Any]:
        """Events, instants and notes."""
        return {name: tuple(entries) for name, entries in self._listed.items()}

    def remainder(self, trace: Trace) -> dict[str, Any]:
        """The trace as JSON data, without what the pieces have told alike."""
        content: dict[str, Any] = plain(replace(trace, series={}, events=(), instants=(), notes=()))
        told = self.series()
        content["names"] = list(trace.series)
        content["series"] = {name: plain(one) for name, one in trace.series.items() if told.get(name) != one}
        for name, entries in self.listed().items():
            del content[name]
            if getattr(trace, name) != entries:
                content[name] = plain(getattr(trace, name))
        return content

    def whole(self, content: Mapping[str, Any]) -> Trace:
        """The trace whose remainder `content` is."""
        given = rebuilt(Trace, content)
        series = self.series() | dict(given.series)
        listed = {name: told for name, told in self.listed().items() if name not in content}
        return replace(given, series={name: series[name] for name in content["names"]}, **listed)

    def so_far(self, clock: ClockFit, start_ns: int) -> Trace:
        """The trace of a recording that broke off: it ends with the last that is known."""
        series = self.series()
        listed = self.listed()
        spans = tuple(Span("turn", f"{turn.number}: {turn.asked}", turn.start_ns, turn.end_ns) for turn in self.turns)
        known = [start_ns, *(one.points[-1][0] for one in series.values()), *(span.end_ns for span in spans)]
        known += [entry.device_ns for entry in (*listed["events"], *listed["instants"])]
        return Trace(clock, start_ns, max(known), series, spans=spans, **listed)


class _Reader:
    """Takes one record after the other, the beginning first."""

    _begin: _Begin

    def __init__(self) -> None:
        self._told = _Told()
        self._judged: Repetition | None = None

    def take(self, record: Mapping[str, Any]) -> None:
        match record["kind"]:
            case "begin":
                self._begin = rebuilt(_Begin, record)
            case "piece":
                self._told.take(rebuilt(TracePiece, record))
            case "turn":
                self._told.turns.append(rebuilt(TurnRecord, record["turn"]))
            case "end":
                self._judged = self._end(record["repetition"])

    def recording(self) -> Recording:
        repetition = self._broken_off() if self._judged is None else self._judged
        return Recording(self._begin.unit, repetition, self._judged is not None)

    def _end(self, content: dict[str, Any]) -> Repetition:
        trace = self._told.whole(content["trace"]) if "trace" in content else None
        judged = rebuilt(Repetition, {"turns": []} | content | {"trace": None})
        return replace(judged, trace=trace, turns=judged.turns if "turns" in content else tuple(self._told.turns))

    def _broken_off(self) -> Repetition:
        begin = self._begin
        trace = None if begin.clock is None else self._told.so_far(begin.clock, begin.start_ns)
        turns = tuple(self._told.turns)
        return Repetition(begin.repetition, begin.attempt, turns, trace, Verdict.LAB, (BROKEN_OFF,))
