"""The Perfetto file, read back with Perfetto's own protobuf classes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as protos

from framework.contract.events import AssistantEvent
from framework.contract.run import BuildIdentity, HandsetIdentity, Repetition, Unit
from framework.contract.trace import ClockFit, ClockSegment, DeviceClocks, Doubt, Instant, Series, Span, Trace
from framework.contract.turn import Estimate, TurnRecord
from framework.contract.verdict import Verdict
from framework.report.perfetto import perfetto_trace

S = 1_000_000_000
HANDSET = HandsetIdentity("fold", "s", "Xiaomi", "MIX", "SM8550", "14", 34, 16, True, True, "f")
UNIT = Unit("i", "Weather", "x.yaml", HANDSET, BuildIdentity("b", "1", "p", "m"))
SERIES = {
    "rss_mb": Series("rss_mb", "MB", ((S, 1000.5), (2 * S, 1310.0))),
    "skin_c": Series("skin_c", "°C", ((S, 31.25),)),
    "pid": Series("pid", "", ()),
}
ESTIMATES = (Estimate("ttft_ms", 418, 9, "frames"),)
TURN = TurnRecord(
    1, "q\ud800", "en", "ui", None, "a", S, 2 * S, (), {"ttft_ms": 412.3}, (), (), ESTIMATES
)  # fmt: skip
TRACE = Trace(
    ClockFit(0, 1), 0, 9 * S, SERIES, (AssistantEvent(1, "first_token", S + 5, {"n": 1}),),
    (Span("turn", "1: q", S, 2 * S), Span("step", "fold: closed", 3 * S, 4 * S)), ("thermal: refused",),
    (Instant("crash", "signal 11", 5 * S),),
    DeviceClocks((ClockSegment(0, 4 * S, -1_700_000_000 * S, 9), ClockSegment(4 * S, 9 * S, -1_800_000_000 * S, 9))),
)  # fmt: skip
DOUBTS = (
    Doubt("charging", "plugged in", 0, 9 * S, frozenset({"power_mw"})),
    Doubt("gap", "2.1 s without samples", 6 * S, 8 * S),
    Doubt("clock", "capped at 60 %", 7 * S, 9 * S),
)


def read(repetition: Repetition) -> Any:
    """The parsed trace; its packets are as many as were counted."""
    made = perfetto_trace(UNIT, repetition)
    parsed = protos.Trace()
    parsed.ParseFromString(made.content)
    assert made.count == len(parsed.packet)
    return parsed


def tracks(trace: Any) -> dict[int, str]:
    return {
        packet.track_descriptor.uuid: packet.track_descriptor.name
        for packet in trace.packet
        if packet.HasField("track_descriptor")
    }


def on_tracks(trace: Any) -> dict[int, list[Any]]:
    """Track → its packets as they stand in the file; each has a time of the boot clock."""
    found: dict[int, list[Any]] = defaultdict(list)
    for packet in trace.packet:
        if packet.HasField("track_event"):
            assert packet.timestamp_clock_id == protos.BUILTIN_CLOCK_BOOTTIME
            found[packet.track_event.track_uuid].append(packet)
    return found


def named(trace: Any, name: str) -> list[Any]:
    """The packets of all tracks of that name."""
    names = tracks(trace)
    return [packet for track, packets in on_tracks(trace).items() if names[track] == name for packet in packets]


def said(packet: Any) -> dict[str, object]:
    return {
        note.name: note.double_value if note.HasField("double_value") else note.string_value
        for note in packet.track_event.debug_annotations
    }


TRACED = Repetition(1, 1, (TURN,), TRACE, Verdict.FAIL, ("late",), (), DOUBTS)


def test_every_series_is_a_counter_with_its_unit() -> None:
    """Time by time and value by value; a series without samples is an empty track."""
    trace = read(TRACED)
    for name, series in SERIES.items():
        points = [(packet.timestamp, packet.track_event.double_counter_value) for packet in named(trace, name)]
        assert points == list(series.points)
    units = {
        packet.track_descriptor.name: packet.track_descriptor.counter.unit_name
        for packet in trace.packet
        if packet.track_descriptor.HasField("counter")
    }
    assert units == {"rss_mb": "MB", "skin_c": "°C", "pid": ""}


def test_spans_events_and_doubts_have_their_tracks() -> None:
    """Scenario, turns and steps as slices, events and instants at their time, doubts with reason and metrics."""
    trace = read(TRACED)
    slices = {
        title: [(packet.track_event.name, packet.timestamp) for packet in named(trace, title)]
        for title in ("Scenario", "Turns", "Steps", "Assistant", "Handset")
    }
    assert slices == {
        "Scenario": [("Weather", 0), ("", 9 * S)],
        "Turns": [("1: q", S), ("", 2 * S)],
        "Steps": [("fold: closed", 3 * S), ("", 4 * S)],
        "Assistant": [("first_token", S + 5)],
        "Handset": [("crash", 5 * S)],
    }
    begins = [packet for packet in named(trace, "Validity") if packet.track_event.name]
    assert sorted((packet.track_event.name, said(packet)["reason"], said(packet)["concerns"]) for packet in begins) == [
        ("charging", "plugged in", "power_mw"),
        ("clock", "capped at 60 %", "everything"),
        ("gap", "2.1 s without samples", "everything"),
    ]


def test_turns_say_what_was_measured_and_how_well() -> None:
    """Question, reply, metrics and each method's estimate with its bound; what is no UTF-8 is replaced."""
    (begin, _) = named(read(TRACED), "Turns")
    assert said(begin) == {"asked": "q?", "reply": "a", "ttft_ms": 412.3, "ttft_ms by frames": "418 ± 9"}
    (scenario, _) = named(read(TRACED), "Scenario")
    assert [said(scenario)[name] for name in ("verdict", "reason 1", "not recorded 1")] == [
        "FAIL", "late", "thermal: refused",
    ]  # fmt: skip


def test_emulated_handsets_are_labelled() -> None:
    """The root of all tracks names scenario and handset, and says that it is emulated."""
    trace = read(TRACED)
    assert tracks(trace)[1] == "Weather · fold · emulated"
    parents = {packet.track_descriptor.parent_uuid for packet in trace.packet if packet.track_descriptor.uuid > 1}
    assert parents == {1}


def test_other_clocks_are_mapped_where_they_were_set() -> None:
    """Boot time is the trace's clock; the wall clock's reading stands at the beginning and after each step."""
    trace = read(TRACED)
    snapshots = [packet.clock_snapshot for packet in trace.packet if packet.HasField("clock_snapshot")]
    assert {one.primary_trace_clock for one in snapshots} == {protos.BUILTIN_CLOCK_BOOTTIME}
    assert [{clock.clock_id: clock.timestamp for clock in one.clocks} for one in snapshots] == [
        {protos.BUILTIN_CLOCK_BOOTTIME: 0, protos.BUILTIN_CLOCK_REALTIME: 1_700_000_000 * S},
        {protos.BUILTIN_CLOCK_BOOTTIME: 4 * S, protos.BUILTIN_CLOCK_REALTIME: 1_800_000_004 * S},
    ]


def test_a_repetition_without_a_trace_is_a_file_too() -> None:
    """Its root alone."""
    assert len(read(Repetition(1, 1, (), None, Verdict.LAB)).packet) == 1


TIMES = st.integers(0, 50)
SPANS = st.lists(st.builds(Span, st.sampled_from(["turn", "step", "wait"]), st.text(max_size=3), TIMES, TIMES))
LATE = st.lists(st.builds(Doubt, st.just("rule"), st.text(max_size=3), TIMES, TIMES)).map(tuple)
EVENTS = st.lists(st.builds(AssistantEvent, TIMES, st.just("token"), TIMES, st.just({"n": 1}))).map(tuple)
POINTS = st.lists(st.tuples(TIMES, st.floats()), max_size=20).map(tuple)


@settings(deadline=None)
@given(SPANS, LATE, EVENTS, POINTS)
def test_any_trace_has_its_packets_and_each_track_goes_forward(
    spans: list[Span],
    doubts: tuple[Doubt, ...],
    events: tuple[AssistantEvent, ...],
    points: tuple[tuple[int, float], ...],
) -> None:
    """Two packets a span or doubt, one an event or sample, one a track; times never go back; slices do not cross."""
    series = {"x": Series("x", "", points)}
    trace = read(
        Repetition(1, 1, (), Trace(ClockFit(0, 1), 0, 50, series, events, tuple(spans)), Verdict.PASS, (), (), doubts)
    )
    events_expected = 2 + 2 * len(spans) + 2 * len(doubts) + len(events) + len(points)
    assert len(trace.packet) == events_expected + len(tracks(trace)) + 1
    for packets in on_tracks(trace).values():
        times = [packet.timestamp for packet in packets]
        assert times == sorted(times)
        kinds = [packet.track_event.type for packet in packets]
        if protos.TrackEvent.TYPE_SLICE_BEGIN in kinds:
            pair = [protos.TrackEvent.TYPE_SLICE_BEGIN, protos.TrackEvent.TYPE_SLICE_END]
            assert kinds == pair * (len(kinds) // 2)
