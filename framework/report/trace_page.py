"""The trace page: one static HTML page a repetition, inline SVG, no scripts, so that it shows in every report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from framework.contract.metrics import METRICS, TURN_METRICS
from framework.contract.run import Repetition, Unit
from framework.contract.trace import ClockSegment, Doubt, Trace
from framework.contract.turn import TurnRecord
from framework.journal.places import safe_name
from framework.report.axis import Axis, clock
from framework.report.chart import PLOT, READOUT, ROWS, Detail, charts, shading
from framework.report.figures import Cell, cell, concerns, number, objecting, within
from framework.report.lanes import lanes
from framework.report.pages import render

LARGEST = 150_000
"""Bytes of a page. Reports carry it inline; what has no room here is in the Perfetto file beside it."""


SHADES = 5
"""Turns that are shaded for each mark that a row has room for: of more one sees nothing."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a page has room for: the picture's detail, marks a row, letters a text, rows a table."""

    picture: Detail
    marks: int
    letters: int
    reason: int
    """Letters of a reason or a doubt."""
    rows: int
    methods: bool = True
    """Whether a turn's table shows what methods other than the most exact one say."""


ROOMS: tuple[Room, ...] = (
    Room(Detail(400, 36), 400, 600, 1200, 200),
    Room(Detail(320, 20, 40), 200, 120, 600, 120),
    Room(Detail(300, 12, 30), 110, 60, 400, 110),
    Room(Detail(300, 0, 20), 110, 40, 300, 110),
    Room(Detail(240, 0, 20), 110, 30, 250, 100, methods=False),
    Room(Detail(120, 0, 10), 100, 30, 120, 60, methods=False),
    Room(Detail(50, 0, 5), 40, 20, 60, 30, methods=False),
    Room(Detail(10, 0, 2), 10, 10, 30, 10, methods=False),
)


def trace_page(unit: Unit, repetition: Repetition) -> str:
    """The page as text; everything that came from a handset or a file is escaped.

    As much detail as fits into LARGEST.
    """
    pages = (_page(unit, repetition, room) for room in ROOMS)
    page = ""
    for page in pages:
        if len(page.encode("utf-8", "replace")) < LARGEST:
            break
    return page


@dataclass(frozen=True, slots=True)
class Row:
    """A turn in the table."""

    turn: TurnRecord
    at: str
    asked: str
    heard: str
    reply: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    figure: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """All that one rule says about the same metrics: (from when to when, its reason)."""

    rule: str
    concerns: str
    places: tuple[tuple[str, str], ...]


def _objections(doubts: Iterable[Doubt], axis: Axis) -> list[Objection]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for doubt in doubts:
        span = f"{clock(axis.seconds(doubt.start_ns))} to {clock(axis.seconds(doubt.end_ns))}"
        found.setdefault((doubt.rule, concerns(doubt)), []).append((span, doubt.reason))
    return [Objection(rule, metrics, tuple(places)) for (rule, metrics), places in found.items()]


def _page(unit: Unit, repetition: Repetition, room: Room) -> str:
    trace, turns = repetition.trace, repetition.turns
    measured = {name for turn in turns for name in (*turn.metrics, *(one.metric for one in turn.estimates))}
    metrics = [name for name in TURN_METRICS if name in measured]
    axis = Axis(0, 1) if trace is None else Axis(trace.start_ns, trace.end_ns)
    rows = [_row(turn, metrics, repetition.doubts, axis, room.letters) for turn in turns[: room.rows]]
    return render(
        "trace.html",
        unit=unit,
        repetition=repetition,
        trace=trace,
        axis=axis,
        facts=_facts(repetition, metrics),
        metrics=[(name, _unit(name)) for name in metrics],
        rows=rows,
        charts=() if trace is None else charts(trace, turns, repetition.doubts, room.picture),
        lanes=() if trace is None else lanes(repetition, trace, axis, room.marks, room.letters),
        shading=shading(turns if len(turns) <= SHADES * room.marks else (), axis),
        clocks=() if trace is None else tuple(_clocks(trace, axis)),
        room=room,
        objections=_objections(repetition.doubts, axis),
        cut=_cut,
        evidence=_evidence(repetition),
        sizes={"readout": READOUT, "plot": PLOT, "rows": ROWS},
    )


def _evidence(repetition: Repetition) -> list[tuple[str, str]]:
    """(name, file beside this page) of what the repetition's folder keeps, but for the sounds of turns."""
    turns = [piece for turn in repetition.turns for piece in turn.evidence if piece.suffix != "wav"]
    return [(piece.name, safe_name(piece.file_name)) for piece in (*repetition.evidence, *turns)]


def _row(turn: TurnRecord, metrics: Iterable[str], doubts: tuple[Doubt, ...], axis: Axis, letters: int) -> Row:
    heard = "" if turn.heard in (None, turn.asked) else str(turn.heard)
    asked, heard, reply = (_cut(text, letters) for text in (turn.asked, heard, turn.reply))
    return Row(turn, _at(turn, axis), asked, heard, reply, tuple(cell(turn, name, doubts) for name in metrics))


def _at(turn: TurnRecord, axis: Axis) -> str:
    return clock(axis.seconds(turn.start_ns))


def _facts(repetition: Repetition, metrics: list[str]) -> list[Fact]:
    """The few figures that stand above all."""
    facts = []
    trace, turns, doubts = repetition.trace, repetition.turns, repetition.doubts
    if trace is not None:
        facts.append(Fact("recorded", clock((trace.end_ns - trace.start_ns) / 1e9), _count(trace)))
        doubted = _covered(doubts, trace)
        facts.append(Fact("doubted", clock(doubted / 1e9) if doubts else "nothing", _plural(len(doubts), "objection")))
    trusted = sum(not any(objecting(turn, name, doubts) for name in metrics) for turn in turns)
    facts.append(Fact("turns", str(len(turns)), f"{trusted} trusted in every metric" if doubts else ""))
    for name in metrics[:2]:
        values = [turn.metrics[name] for turn in turns if name in turn.metrics]
        if values:
            facts.append(Fact(name, f"{number(median(values))} {_unit(name)}", "median of the turns"))
    for name in ("rss_mb", "skin_c"):
        if trace is not None and name in trace.series and trace.series[name].points:
            highest = max(value for _, value in trace.series[name].points)
            facts.append(Fact(name, f"{number(highest)} {trace.series[name].unit}", "highest"))
    if trace is not None:
        facts.append(Fact("clock", within(trace.clock.bound_ns), "host's time on the handset's"))
    return facts


def _count(trace: Trace) -> str:
    samples = sum(len(series.points) for series in trace.series.values())
    return f"{_plural(samples, 'sample')} in {len(trace.series)} series"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}".replace(",", " ")


def _covered(doubts: Iterable[Doubt], trace: Trace) -> int:
    """How long there is at least one doubt, in ns."""
    covered, reached = 0, trace.start_ns
    for doubt in sorted(doubts, key=lambda one: one.start_ns):
        begin, end = max(doubt.start_ns, reached), min(doubt.end_ns, trace.end_ns)
        covered += max(end - begin, 0)
        reached = max(reached, end)
    return covered


def _clocks(trace: Trace, axis: Axis) -> Iterable[Fact]:
    fit = trace.clock
    speed = "" if fit.scale == 1 else f", {fit.scale:g} times as fast as the host's"
    yield Fact(
        "host's clock",
        within(fit.bound_ns),
        f"offset {fit.offset_ns / 1e6:.3f} ms, drift {fit.drift_ppm:.3g} ppm{speed}",
    )
    for segment in trace.clocks.wall[:8]:
        wall = datetime.fromtimestamp((segment.start_ns - segment.offset_ns) / 1e9, UTC).isoformat(" ", "milliseconds")
        yield Fact("wall clock", within(segment.bound_ns), f"{_since(segment, axis)}, begins with {wall[:-6]} UTC")
    for segment in trace.clocks.monotonic[:8]:
        slept = f"{_since(segment, axis)}, {segment.offset_ns / 1e9:.3f} s of sleep before"
        yield Fact("monotonic clock", within(segment.bound_ns), slept)


def _since(segment: ClockSegment, axis: Axis) -> str:
    return f"{clock(axis.seconds(max(segment.start_ns, axis.start_ns)))} to {clock(axis.seconds(segment.end_ns))}"


def _unit(name: str) -> str:
    return next((metric.unit for metric in METRICS if metric.name == name), "")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"
