"""The journal of a run: one JSON object a line, appended as things happen, so that a killed run keeps what it had.

Each record is written with one `write` to a file that is open for appending: records of several processes do not
mix, and kill -9 takes at most the record that was being written. Finished repetitions and units are also synced to
the disk, so that a power cut takes at most the turns since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from framework.contract.run import RepetitionFinished, RunEvent, TraceBegan, TraceGrew, UnitFinished
from framework.journal.lines import Lines, read_lines
from framework.journal.records import plain
from framework.journal.sampled import sampled


class Journal(AbstractContextManager["Journal"]):
    """Observer that appends to `path` between entry and exit."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Journal:
        self._lines = Lines(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.sync()
        self._lines.close()

    def notify(self, event: RunEvent) -> None:
        """Each event under the name of its class; a unit's repetitions stand in records of their own.

        Samples and events of the assistant are not for this journal: each recording has a file of its own for them.
        What the samples come to in short stands with the repetition.
        """
        if isinstance(event, TraceBegan | TraceGrew):
            return
        content = plain(_without_samples(event))
        if isinstance(event, RepetitionFinished) and event.repetition.trace is not None:
            content["sampled"] = plain(list(sampled(event.repetition.trace, event.repetition.doubts)))
        if isinstance(event, UnitFinished):
            del content["result"]["repetitions"]
        self.record(type(event).__name__, content)
        if isinstance(event, RepetitionFinished | UnitFinished):
            self._lines.sync()

    def record(self, kind: str, content: Mapping[str, Any]) -> None:
        """Append one record of JSON data, with the host's time in seconds since 1970."""
        self._lines.record(kind, content)


def _without_samples(event: RunEvent) -> RunEvent:
    if not isinstance(event, RepetitionFinished) or event.repetition.trace is None:
        return event
    trace = replace(event.repetition.trace, series={}, events=())
    return replace(event, repetition=replace(event.repetition, trace=trace))


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """The whole records in their order; what a killed process has torn is passed over, and so are other formats."""
    return (record for _, record in read_lines(path) if record is not None)
