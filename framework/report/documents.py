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
        self._last: tuple[Repetition, tuple[Evidence, ...]] | None = None

    def of(self, unit: Unit, repetition: Repetition) -> tuple[Evidence, ...]:
        """Transcript and trace page; of what was recorded also the samples and the trace for Perfetto."""
        if self._last is None or self._last[0] is not repetition:
            self._last = repetition, tuple(_made(unit, repetition))
        return self._last[1]


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
