"""A recording as text for a terminal: turns, series, doubts, incidents, what was not recorded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import fmean
from typing import Any

from framework.contract.metrics import TURN_METRICS
from framework.contract.trace import Doubt, Instant, Series, Trace
from framework.contract.turn import TurnRecord
from framework.journal.records import plain
from framework.journal.trace import Recording
from framework.report.axis import Axis, clock
from framework.report.figures import cell, concerns, number, within
from framework.report.terminal import clean, fitted

COLUMNS = 118


def summary(recording: Recording) -> str:
    """Line by line, each short enough for a terminal; nothing in it that one would obey."""
    repetition = recording.repetition
    lines = [*_head(recording), ""]
    trace = repetition.trace
    if trace is None:
        return "\n".join([*lines, "nothing was recorded"])
    axis = Axis(trace.start_ns, trace.end_ns)
    parts: list[tuple[str, list[str]]] = [
        ("turns", [line for turn in repetition.turns for line in _turn(turn, recording, axis)]),
        ("series", list(_series(trace))),
        ("doubts", [_doubt(doubt, axis) for doubt in repetition.doubts]),
        ("incidents", [_incident(one, axis) for one in trace.instants]),
        ("not recorded", [f"  {clean(note)}" for note in trace.notes]),
    ]
    for title, found in parts:
        lines += [title, *found, ""] if found else []
    return "\n".join(line.rstrip() for line in lines).rstrip()


def record(recording: Recording) -> dict[str, Any]:
    """The same for scripts: the repetition as JSON data, each series as its statistics."""
    repetition = plain(recording.repetition)
    trace = recording.repetition.trace
    if trace is not None:
        repetition["trace"]["series"] = [_statistics(series) for series in trace.series.values()]
    return {"finished": recording.finished, "unit": plain(recording.unit), "repetition": repetition}


def _head(recording: Recording) -> Iterator[str]:
    unit, repetition, trace = recording.unit, recording.repetition, recording.repetition.trace
    emulated = " (emulated)" if unit.handset.emulated else ""
    yield fitted(clean(f"{unit.scenario} · {unit.handset.name}{emulated} · {unit.build.label}"), COLUMNS)
    attempt = f", attempt {repetition.attempt}" if repetition.attempt > 1 else ""
    verdict = repetition.verdict.value if recording.finished else "unfinished"
    parts = [f"{verdict} · repetition {repetition.number}{attempt}"]
    if trace is not None:
        samples = sum(len(series.points) for series in trace.series.values())
        parts.append(f"{clock((trace.end_ns - trace.start_ns) / 1e9)}, {samples} samples in {len(trace.series)} series")
        parts.append(f"clock {within(trace.clock.bound_ns)}")
    yield " · ".join(parts)
    yield from (f"  {clean(reason)}" for reason in (*repetition.reasons, *repetition.mended, *repetition.waited))
    yield from (f"  {clean(reason)}" for reason in repetition.missing)
    if unit.handset.screen:
        yield f"  screen: {clean(unit.handset.screen)}"
    yield from (f"  set for the run: {clean(line)}" for line in repetition.prepared)


def _turn(turn: TurnRecord, recording: Recording, axis: Axis) -> Iterator[str]:
    """What was asked and answered; then each metric by its best method, and by the others."""
    began = clock(axis.seconds(turn.start_ns))
    yield fitted(f"  {turn.number:<3} {turn.verdict.value:<6} {began:>7}  {clean(turn.asked)}", COLUMNS)
    yield fitted(f"{'':19} → {clean(turn.reply) or '(no answer)'}", COLUMNS)
    for name in TURN_METRICS:
        found = cell(turn, name, recording.repetition.doubts)
        if found.figure:
            method = f" by {found.method}" if found.method else ""
            others = "".join(f"; {other}" for other in found.others)
            against = f"  ({clean(', '.join(found.objections))} objects)" if found.objections else ""
            yield f"{'':21}{name:<14} {found.figure}{method}{others}{against}"


def _series(trace: Trace) -> Iterator[str]:
    yield f"  {'':34}{'min':>10}{'mean':>10}{'max':>10}{'last':>10}  samples"
    for series in trace.series.values():
        found = _statistics(series)
        figures = "".join(f"{_shown(found[name]):>10}" for name in ("min", "mean", "max", "last"))
        yield f"  {fitted(clean(f'{series.name} {series.unit}'), 33):<34}{figures}  {len(series.points)}"


def _statistics(series: Series) -> dict[str, Any]:
    """Over the finite values; None where there are none."""
    values = [value for _, value in series.points if math.isfinite(value)]
    figures = (min(values), fmean(values), max(values), values[-1]) if values else (None,) * 4
    named = dict(zip(("min", "mean", "max", "last"), figures, strict=True))
    return {"name": series.name, "unit": series.unit, "samples": len(series.points), **named}


def _shown(value: float | None) -> str:
    return "–" if value is None else number(value)


def _doubt(doubt: Doubt, axis: Axis) -> str:
    span = f"{clock(axis.seconds(doubt.start_ns))} to {clock(axis.seconds(doubt.end_ns))}"
    return f"  {span}  {clean(doubt.rule)}: {clean(doubt.reason)} ({clean(concerns(doubt))})"


def _incident(one: Instant, axis: Axis) -> str:
    bound = f" {within(one.bound_ns)}" if one.bound_ns else ""
    return f"  {clock(axis.seconds(one.device_ns))}{bound}  {clean(one.kind)}: {clean(one.text)}"


def row(place: str, recording: Recording) -> str:
    """One line: how the recording ended, how long it is, where it lies."""
    repetition, trace = recording.repetition, recording.repetition.trace
    verdict = repetition.verdict.value if recording.finished else "unfinished"
    length = "–" if trace is None else clock((trace.end_ns - trace.start_ns) / 1e9)
    turns = len(repetition.turns)
    return f"{verdict:<11}{length:>8}  {turns:>3} turn{' ' if turns == 1 else 's'}  {place}"
