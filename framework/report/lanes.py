"""What happened, as rows of marks over the shared time axis: turns, the assistant, the handset, its states, doubts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from framework.contract.run import Repetition
from framework.contract.trace import Doubt, Instant, Series, Trace
from framework.contract.turn import TurnRecord
from framework.report.axis import Axis, clock
from framework.report.chart import LONGEST_RULE, hatch
from framework.report.figures import bounded, number, within

EVENTS = ("error", "first_token", "first_audio", "speech_end", "request", "reply", "asr_final", "speech_start", "wake")
"""The events of the assistant that are drawn, the most telling first; those of each token are in the Perfetto file."""

GRAVE = ("crash", "anr", "low_memory_kill", "process", "reboot", "clock_step", "reconnect", "emulator")
ROOM_PERCENT = 2.4
"""A mark that is narrower than this has no room for its label."""

MOST_DOUBT_ROWS = 12
"""As many as there are rules of validity."""

STATES: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("charging", "power", lambda value: "charging"),
    ("throttle", "clocks", lambda value: "below nominal"),
    ("thermal_status", "thermal", lambda value: f"status {value:.0f}"),
)
"""Series that are states, shown where they are not 0: the row's title, and what a value means."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place of the axis, in percent; `width` 0 is an instant. `says` is its tooltip."""

    at: float
    width: float
    kind: str
    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of marks."""

    title: str
    kind: str
    marks: tuple[Mark, ...]


def lanes(repetition: Repetition, trace: Trace, axis: Axis, most: int, letters: int) -> tuple[Lane, ...]:
    """The rows that have marks, turns first and doubts last; at most about `most` marks each."""
    rows: list[tuple[str, str, list[Mark]]] = [
        ("turns", "turn", [*_steps(trace, axis), *(_turn(turn, axis, letters) for turn in repetition.turns)]),
        ("events", "event", _events(trace, axis, most)),
        ("handset", "instant", [_instant(one, axis) for one in trace.instants]),
        *((words, "state", marks) for words, marks in _states(trace, axis)),
        *((rule, "doubt", marks) for rule, marks in _doubts(repetition.doubts, axis)),
    ]
    return tuple(Lane(title, kind, _spread(marks, most)) for title, kind, marks in rows if marks)


def _spread(marks: list[Mark], most: int) -> tuple[Mark, ...]:
    """Of too many marks some from everywhere, so that no part of the axis looks empty."""
    return tuple(marks[:: -(-len(marks) // most)])


def _turn(turn: TurnRecord, axis: Axis, letters: int) -> Mark:
    at, width = _place(turn.start_ns, turn.end_ns, axis)
    best: dict[str, str] = {}
    for one in sorted(turn.estimates, key=lambda one: one.bound):
        best.setdefault(one.metric, f"{one.metric} {bounded(one.value, one.bound)}")
    figures = list((best or {name: f"{name} {number(value)}" for name, value in turn.metrics.items()}).values())
    began = _at(turn.start_ns, axis)
    says = f"turn {turn.number}, {began}: {_cut(turn.asked, min(letters, 90))}"
    return Mark(
        at,
        width,
        turn.verdict.value,
        str(turn.number) if width >= ROOM_PERCENT else "",
        " · ".join([says, *figures[: 4 if letters > 60 else 1]]),
    )


def _steps(trace: Trace, axis: Axis) -> Iterator[Mark]:
    for span in trace.spans:
        if span.kind != "turn":
            at, width = _place(span.start_ns, span.end_ns, axis)
            seconds = (span.end_ns - span.start_ns) / 1e9
            label = span.name.rpartition(": ")[2]
            label = label if width >= ROOM_PERCENT * len(label) / 3 else ""
            says = f"{span.kind} {_cut(span.name)}, {_at(span.start_ns, axis)} ({seconds:.2f} s)"
            yield Mark(at, width, "step", label, says)


def _events(trace: Trace, axis: Axis, most: int) -> list[Mark]:
    """Every kind of event that there is room for, the most telling ones first."""
    found: list[Mark] = []
    for name in EVENTS:
        marks = [
            Mark(
                axis.percent(event.device_ns), 0, name, "", f"{_at(event.device_ns, axis)}: {name} (turn {event.turn})"
            )
            for event in trace.events
            if event.event == name
        ]
        if not found or len(found) + len(marks) <= most:
            found += marks
    return sorted(found, key=lambda mark: mark.at)


def _instant(one: Instant, axis: Axis) -> Mark:
    bound = f" {within(one.bound_ns)}" if one.bound_ns else ""
    kind = one.kind if one.kind in GRAVE else "other"
    label = _cut(one.kind.replace("_", " "), LONGEST_RULE)
    says = f"{_at(one.device_ns, axis)}{bound}: {label}: {_cut(one.text)}"
    return Mark(axis.percent(one.device_ns), 0, kind, label, says)


def _states(trace: Trace, axis: Axis) -> Iterator[tuple[str, list[Mark]]]:
    for name, title, words in STATES:
        if name in trace.series:
            yield (
                title,
                [
                    Mark(
                        *_place(start, end, axis),
                        name,
                        words(value),
                        f"{title} {words(value)}, {_from_to(start, end, axis)}",
                    )
                    for start, end, value in _held(trace.series[name], trace.end_ns)
                    if value
                ],
            )


def _held(series: Series, end_ns: int) -> Iterator[tuple[int, int, float]]:
    """(from, to, value): a state holds until another one is sampled."""
    changes = [
        (at, value)
        for number_, (at, value) in enumerate(series.points)
        if number_ == 0 or series.points[number_ - 1][1] != value
    ]
    ends = [*(at for at, _ in changes[1:]), end_ns]
    return ((at, end, value) for (at, value), end in zip(changes, ends, strict=True))


def _doubts(doubts: Iterable[Doubt], axis: Axis) -> list[tuple[str, list[Mark]]]:
    """A row for each rule; the last row takes the rules that are too many."""
    rows: dict[str, list[Mark]] = {}
    for doubt in sorted(doubts, key=lambda one: (one.start_ns, one.end_ns)):
        place = hatch(doubt, axis)
        rule = _cut(doubt.rule.replace("_", " "), LONGEST_RULE)
        says = f"{rule}, {_from_to(doubt.start_ns, doubt.end_ns, axis)}: {_cut(doubt.reason)}"
        row = rule if rule in rows or len(rows) < MOST_DOUBT_ROWS else "others"
        rows.setdefault(row, []).append(Mark(place.at, place.width, "doubt", "", says))
    return list(rows.items())


def _place(start_ns: int, end_ns: int, axis: Axis) -> tuple[float, float]:
    at = min(axis.percent(start_ns), 99.8)
    return at, max(round(axis.percent(end_ns) - at, 2), 0.2)


def _at(ns: int, axis: Axis) -> str:
    return clock(axis.seconds(ns))


def _from_to(start_ns: int, end_ns: int, axis: Axis) -> str:
    return f"{_at(start_ns, axis)} to {_at(end_ns, axis)}"


def _cut(text: str, most: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most] + "…"
