"""A repetition as a Perfetto trace, for ui.perfetto.dev: every series, span, event and doubt on the boot-time clock.

Format: perfetto/protos/perfetto/trace/trace_packet.proto. All packets are of one sequence and in the order of time;
tracks hang below one root. Spans that overlap lie on several tracks of one name, which the viewer shows as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from framework.contract.run import Repetition, Unit
from framework.contract.trace import ClockSegment, Doubt, Series, Span, Trace
from framework.contract.turn import TurnRecord

SEQUENCE = 1
ROOT = 1
"""The track that all others hang below."""


@dataclass(frozen=True, slots=True)
class Packets:
    """The file's content, and how many packets are in it."""

    content: bytes
    count: int


@dataclass(frozen=True, slots=True)
class _Slice:
    name: str
    start_ns: int
    end_ns: int
    says: Mapping[str, object] = field(default_factory=dict)


def perfetto_trace(unit: Unit, repetition: Repetition) -> Packets:
    """All that was recorded; only the track of the scenario for a repetition without a trace."""
    file = _File(unit)
    trace = repetition.trace
    if trace is not None:
        file.clocks(trace)
        file.slices("Scenario", [_scenario(unit, repetition, trace)])
        for title, slices in _spans(trace.spans, repetition.turns):
            file.slices(title, slices)
        file.slices("Validity", [_doubt(doubt) for doubt in repetition.doubts])
        events = ((event.device_ns, event.event, {"turn": event.turn, **event.fields}) for event in trace.events)
        file.instants("Assistant", events)
        seen = ((one.device_ns, one.kind, {"text": one.text, "bound_ns": one.bound_ns}) for one in trace.instants)
        file.instants("Handset", seen)
        for series in trace.series.values():
            file.counter(series)
    return file.packets()


def _scenario(unit: Unit, repetition: Repetition, trace: Trace) -> _Slice:
    says: dict[str, object] = {
        "verdict": repetition.verdict.value,
        "build": unit.build.label,
        "clock bound_ns": trace.clock.bound_ns,
        "clock offset_ns": trace.clock.offset_ns,
    }
    says |= _numbered("reason", repetition.reasons) | _numbered("not recorded", trace.notes)
    return _Slice(unit.scenario, trace.start_ns, trace.end_ns, says)


def _numbered(name: str, texts: Iterable[str]) -> dict[str, object]:
    return {f"{name} {number}": text for number, text in enumerate(texts, 1)}


def _spans(spans: Iterable[Span], turns: Iterable[TurnRecord]) -> Iterator[tuple[str, list[_Slice]]]:
    """A title for each kind of span, with its spans; those of turns say what was measured."""
    told = {turn.start_ns: _told(turn) for turn in turns}
    for kind, entries in groupby(sorted(spans, key=lambda span: span.kind), key=lambda span: span.kind):
        yield (
            kind.capitalize() + "s",
            [
                _Slice(span.name, span.start_ns, span.end_ns, told.get(span.start_ns, {}) if kind == "turn" else {})
                for span in entries
            ],
        )


def _told(turn: TurnRecord) -> dict[str, object]:
    estimates = {f"{one.metric} by {one.method}": f"{one.value:.6g} ± {one.bound:.2g}" for one in turn.estimates}
    return {"asked": turn.asked, "reply": turn.reply, **turn.metrics, **estimates}


def _doubt(doubt: Doubt) -> _Slice:
    concerns = ", ".join(sorted(doubt.metrics)) or "everything"
    return _Slice(doubt.rule, doubt.start_ns, doubt.end_ns, {"reason": doubt.reason, "concerns": concerns})


def lanes(slices: Iterable[_Slice]) -> list[list[_Slice]]:
    """The slices so that none overlaps another one of its lane, each lane in the order of time."""
    found: list[list[_Slice]] = []
    for one in sorted(slices, key=lambda entry: (entry.start_ns, entry.end_ns)):
        free = next((lane for lane in found if lane[-1].end_ns <= one.start_ns), None)
        if free is None:
            found.append([one])
        else:
            free.append(one)
    return found


class _File:
    """The packets of one trace. Those with a time are kept until the end, and sorted by it."""

    def __init__(self, unit: Unit) -> None:
        from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as protos

        self._protos = protos
        self._trace = protos.Trace()
        self._timed: list[tuple[int, Callable[[Any], None]]] = []
        self._tracks = ROOT
        emulated = " · emulated" if unit.handset.emulated else ""
        self._descriptor(ROOT, f"{unit.scenario} · {unit.handset.name}{emulated}")
        root = self._trace.packet[0]
        root.sequence_flags = protos.TracePacket.SEQ_INCREMENTAL_STATE_CLEARED
        root.first_packet_on_sequence = True
        root.track_descriptor.child_ordering = protos.TrackDescriptor.EXPLICIT

    def clocks(self, trace: Trace) -> None:
        """Boot time is the trace's clock; what the others say then, at the beginning and wherever one was set."""
        wall, monotonic = trace.clocks.wall, trace.clocks.monotonic
        times = {trace.start_ns, *(part.start_ns for part in wall[1:])}
        for at in sorted(times):
            snapshot = self._packet().clock_snapshot
            snapshot.primary_trace_clock = self._protos.BUILTIN_CLOCK_BOOTTIME
            snapshot.clocks.add(clock_id=self._protos.BUILTIN_CLOCK_BOOTTIME, timestamp=max(at, 0))
            for clock, segments in (("REALTIME", wall), ("MONOTONIC", monotonic)):
                reads = _reads(segments, at)
                if reads is not None:
                    snapshot.clocks.add(clock_id=getattr(self._protos, f"BUILTIN_CLOCK_{clock}"), timestamp=reads)

    def slices(self, title: str, slices: Iterable[_Slice]) -> None:
        """One track, or as many as spans overlap; also where there is none, so that its absence shows."""
        for lane in lanes(slices) or [[]]:
            track = self._track(title)
            for one in lane:
                self._event(one.start_ns, track, "TYPE_SLICE_BEGIN", one.name, one.says)
                self._event(max(one.end_ns, one.start_ns), track, "TYPE_SLICE_END")

    def instants(self, title: str, instants: Iterable[tuple[int, str, Mapping[str, object]]]) -> None:
        track = self._track(title)
        for at, name, says in instants:
            self._event(at, track, "TYPE_INSTANT", name, says)

    def counter(self, series: Series) -> None:
        track = self._track(series.name)
        counter = self._trace.packet[-1].track_descriptor.counter
        counter.unit_name = _text(series.unit)
        kind = self._protos.TrackEvent.TYPE_COUNTER
        for at, value in series.points:
            self._timed.append((at, _Counted(kind, track, value)))

    def packets(self) -> Packets:
        for at, fill in sorted(self._timed, key=lambda entry: entry[0]):
            packet = self._packet()
            packet.timestamp = max(at, 0)
            packet.timestamp_clock_id = self._protos.BUILTIN_CLOCK_BOOTTIME
            fill(packet.track_event)
        return Packets(self._trace.SerializeToString(), len(self._trace.packet))

    def _packet(self) -> Any:
        return self._trace.packet.add(trusted_packet_sequence_id=SEQUENCE)

    def _track(self, title: str) -> int:
        self._tracks += 1
        self._descriptor(self._tracks, title)
        return self._tracks

    def _descriptor(self, track: int, title: str) -> None:
        descriptor = self._packet().track_descriptor
        descriptor.uuid, descriptor.name = track, _text(title)
        if track != ROOT:
            descriptor.parent_uuid, descriptor.sibling_order_rank = ROOT, track

    def _event(self, at: int, track: int, kind: str, name: str = "", says: Mapping[str, object] | None = None) -> None:
        value = getattr(self._protos.TrackEvent, kind)
        self._timed.append((at, _Named(value, track, name, says or {})))


@dataclass(frozen=True, slots=True)
class _Counted:
    kind: int
    track: int
    value: float

    def __call__(self, event: Any) -> None:
        event.type, event.track_uuid, event.double_counter_value = self.kind, self.track, self.value


@dataclass(frozen=True, slots=True)
class _Named:
    kind: int
    track: int
    name: str
    says: Mapping[str, object]

    def __call__(self, event: Any) -> None:
        event.type, event.track_uuid = self.kind, self.track
        if self.name:
            event.name = _text(self.name)
        for name, value in self.says.items():
            note = event.debug_annotations.add(name=_text(name))
            if isinstance(value, float):
                note.double_value = value
            else:
                note.string_value = _text(str(value))


def _reads(segments: tuple[ClockSegment, ...], at: int) -> int | None:
    """What the other clock says at a boot time; None where it is not known, or before its beginning."""
    known = [part for part in segments if part.start_ns <= at <= part.end_ns] or list(segments[:1])
    reads = at - known[-1].offset_ns if known else -1
    return reads if reads >= 0 else None


def _text(text: str) -> str:
    """Protobuf takes UTF-8 only; half a surrogate pair from a handset becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
