"""Any record of the contract, written and read again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.events import EVENT_NAMES, AssistantEvent
from framework.contract.run import BuildIdentity, HandsetIdentity, Repetition, TraceBegan, Unit
from framework.contract.trace import (
    ClockFit,
    ClockSegment,
    DeviceClocks,
    Doubt,
    Instant,
    Sample,
    Series,
    Span,
    Trace,
    TracePiece,
)
from framework.contract.turn import Estimate, Evidence, TurnRecord
from framework.contract.verdict import Check, Verdict
from framework.journal.lines import read_lines
from framework.journal.records import rebuilt
from framework.journal.trace import Recording, TraceWriter, read_trace

TEXT = st.text(max_size=12)
NS = st.integers(0, 2**62)
VALUE = st.floats(allow_nan=False)
NAMES = st.sampled_from(["rss_mb", "skin_c", "cpu0_mhz", "天气", ""])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | VALUE | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)


def few(entries: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(entries, max_size=3).map(tuple)


EVENTS = few(
    st.builds(AssistantEvent, st.integers(), st.sampled_from(EVENT_NAMES), NS, st.dictionaries(TEXT, JSON, max_size=2))
)
INSTANTS = few(st.builds(Instant, TEXT, TEXT, NS, NS))
SEGMENTS = few(st.builds(ClockSegment, NS, NS, st.integers(), NS))
CLOCK = st.builds(ClockFit, st.integers(), NS, VALUE, VALUE, NS)
VERDICTS = st.sampled_from(Verdict)
SAMPLES = few(st.builds(Sample, TEXT, NS, st.dictionaries(NAMES, VALUE, max_size=3)))
PIECES = few(st.builds(TracePiece, SAMPLES, st.dictionaries(NAMES, TEXT, max_size=2), EVENTS, INSTANTS, few(TEXT)))
SERIES = st.dictionaries(NAMES, st.lists(st.tuples(NS, VALUE), max_size=3), max_size=3).map(
    lambda points: {name: Series(name, "MB", tuple(entries)) for name, entries in points.items()}
)
TRACES = st.builds(
    Trace, CLOCK, NS, NS, SERIES, EVENTS, few(st.builds(Span, TEXT, TEXT, NS, NS)), few(TEXT), INSTANTS,
    st.builds(DeviceClocks, SEGMENTS, SEGMENTS),
)  # fmt: skip
EVIDENCE = few(st.builds(Evidence, TEXT, TEXT, st.just(b"")))
ESTIMATES = few(st.builds(Estimate, NAMES, VALUE, VALUE, st.sampled_from(["events", "log", "frames", "screen"])))
CHECKS = few(st.builds(Check, TEXT, VERDICTS, TEXT, TEXT, st.none() | st.integers(), st.booleans()))
TURNS = few(
    st.builds(
        TurnRecord, st.integers(), TEXT, TEXT, st.sampled_from(["ui", "intent", "voice"]), st.none() | TEXT, TEXT, NS,
        NS, EVENTS, st.dictionaries(NAMES, VALUE, max_size=2), CHECKS, EVIDENCE, ESTIMATES,
    )
)  # fmt: skip
DOUBTS = few(st.builds(Doubt, TEXT, TEXT, NS, NS, st.frozensets(NAMES, max_size=2)))
HANDSETS = st.builds(
    HandsetIdentity, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, st.integers(), VALUE, st.booleans(), st.booleans(), TEXT,
    few(TEXT),
)  # fmt: skip
BUILDS = st.builds(BuildIdentity, TEXT, TEXT, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=2), st.booleans())
UNITS = st.builds(Unit, TEXT, TEXT, TEXT, HANDSETS, BUILDS)
REPETITIONS = st.builds(
    Repetition, st.integers(1, 9), st.integers(1, 9), TURNS, st.none() | TRACES, VERDICTS, few(TEXT), EVIDENCE, DOUBTS
)
UNIT = Unit("a", "a", "a.yaml", HandsetIdentity("fold", "s", "X", "M", "S", "14", 34, 16, True, True, "f"),
            BuildIdentity("b", "1", "p", "m"))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(UNITS, REPETITIONS, PIECES, st.booleans())
def test_what_was_written_is_what_is_read(
    unit: Unit, repetition: Repetition, pieces: tuple[TracePiece, ...], told: bool
) -> None:
    """Every record comes back equal, whether or not the pieces and turns before the end say the same as it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        writer = TraceWriter(path, unit, repetition.number, repetition.attempt)
        for piece in pieces:
            writer.piece(piece)
        for turn in repetition.turns if told else ():
            writer.turn(turn)
        writer.end(repetition)
        assert read_trace(path) == Recording(unit, repetition, True)


@settings(max_examples=50, deadline=None)
@given(PIECES)
def test_the_end_repeats_nothing(pieces: tuple[TracePiece, ...]) -> None:
    """Of a trace that is its pieces, the last record holds only the frame."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        began = TraceBegan(UNIT, 1, 1, ClockFit(5, 6), 7)
        _write(path, pieces, TraceWriter(path, UNIT, 1, 1, began)).close()
        repetition = read_trace(path).repetition
        _write(path, pieces, TraceWriter(path, UNIT, 1, 1, began)).end(repetition)
        records = [record for _, record in read_lines(path) if record is not None]
    trace = records[-1]["repetition"]["trace"]
    assert (trace["series"], {"events", "instants", "notes"} & set(trace)) == ({}, set())


def _write(path: Path, pieces: tuple[TracePiece, ...], writer: TraceWriter) -> TraceWriter:
    for piece in pieces:
        writer.piece(piece)
    return writer


@given(st.sampled_from([ClockFit, Unit, Repetition, TracePiece, TurnRecord]), JSON)
def test_other_data_is_refused(kind: type, data: object) -> None:
    """JSON that is no such record is a ValueError, whatever it is."""
    if kind is not TracePiece or not isinstance(data, dict):
        with pytest.raises(ValueError, match=r"expected|lacks"):
            rebuilt(kind, data)


def test_unknown_fields_are_passed_over_and_missing_ones_take_their_default() -> None:
    """Records of later and of earlier versions are read."""
    assert rebuilt(ClockFit, {"offset_ns": 1, "bound_ns": 2, "new": [3]}) == ClockFit(1, 2)
