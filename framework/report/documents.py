"""What is written of a repetition for people and their tools, whichever observer puts it where."""

from __future__ import annotations

from framework.contract.run import Repetition, Unit
from framework.contract.turn import Evidence
from framework.report.perfetto import perfetto_trace
from framework.report.samples import samples_csv
from framework.report.trace_page import trace_page
from framework.report.transcript import transcript_page


class Documents:
    """Makes them once for all observers that are told of a repetition, one after the other."""

    def __init__(self) -> None:
        self._last: tuple[tuple[object, ...], tuple[Evidence, ...]] | None = None

    def make(self, unit: Unit, repetition: Repetition) -> tuple[Evidence, ...]:
        """Transcript and trace page; of what was recorded also the samples and the trace for Perfetto."""
        made = tuple(_made(unit, repetition))
        self._last = _key(unit, repetition), made
        return made

    def of(self, unit: Unit, repetition: Repetition) -> tuple[Evidence, ...]:
        """Those that were made of this repetition just now, by someone who may know more of its recording."""
        if self._last is not None and self._last[0] == _key(unit, repetition):
            return self._last[1]
        return self.make(unit, repetition)


def _key(unit: Unit, repetition: Repetition) -> tuple[object, ...]:
    return unit.id, unit.handset.name, repetition.number, repetition.attempt


def _made(unit: Unit, repetition: Repetition) -> list[Evidence]:
    made = [
        Evidence("transcript", "transcript.html", _bytes(transcript_page(unit, repetition))),
        Evidence("trace", "trace.html", _bytes(trace_page(unit, repetition))),
    ]
    if repetition.trace is not None:
        made.append(Evidence("samples", "samples.csv", _bytes(samples_csv(repetition.trace))))
        made.append(Evidence("trace for Perfetto", "trace.pftrace", perfetto_trace(unit, repetition).content))
    return made


def _bytes(text: str) -> bytes:
    """Half a surrogate pair, as handsets may send, becomes a question mark."""
    return text.encode("utf-8", "replace")
