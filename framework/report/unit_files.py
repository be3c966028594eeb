"""The evidence of a run on disk: one folder a repetition, readable without any report tool."""

from __future__ import annotations

import re
from pathlib import Path

from framework.contract.run import (
    Repetition,
    RepetitionFinished,
    RunEvent,
    TraceBegan,
    TraceGrew,
    TurnFinished,
    Unit,
)
from framework.journal.trace import TraceWriter
from framework.report.samples import samples_csv
from framework.report.trace_page import trace_page
from framework.report.transcript import transcript_page

LONGEST_NAME = 80
RECORDING = "trace.jsonl"


class UnitFiles:
    """Observer that writes `units/SCENARIO/HANDSET/REPETITION-ATTEMPT/`: the recording as it comes, and its pages."""

    def __init__(self, run_folder: Path) -> None:
        self._folder = run_folder / "units"
        self._writers: dict[str, TraceWriter] = {}

    def notify(self, event: RunEvent) -> None:
        match event:
            case TraceBegan(unit, number, attempt):
                path = self._place(unit, number, attempt) / RECORDING
                self._writers[unit.id] = TraceWriter(path, unit, number, attempt, event)
            case TraceGrew(unit, piece=piece) if unit.id in self._writers:
                self._writers[unit.id].piece(piece)
            case TurnFinished(unit, turn=turn) if unit.id in self._writers:
                self._writers[unit.id].turn(turn)
            case RepetitionFinished(unit, repetition):
                self._end(unit, repetition)

    def _end(self, unit: Unit, repetition: Repetition) -> None:
        folder = self._place(unit, repetition.number, repetition.attempt)
        writer = self._writers.pop(unit.id, None)
        if writer is None:
            writer = TraceWriter(folder / RECORDING, unit, repetition.number, repetition.attempt)
        self._write(folder, unit, writer.end(repetition))

    def _place(self, unit: Unit, number: int, attempt: int) -> Path:
        folder = self._folder / safe_name(str(Path(unit.file).with_suffix(""))) / safe_name(unit.handset.name)
        return folder / f"{number}-{attempt}"

    def _write(self, folder: Path, unit: Unit, repetition: Repetition) -> None:
        (folder / "trace.html").write_text(trace_page(unit, repetition), encoding="utf-8")
        (folder / "transcript.html").write_text(transcript_page(unit, repetition), encoding="utf-8")
        if repetition.trace is not None:
            (folder / "samples.csv").write_text(samples_csv(repetition.trace), encoding="utf-8")
        evidence = [*repetition.evidence, *(piece for turn in repetition.turns for piece in turn.evidence)]
        for piece in evidence:
            (folder / safe_name(piece.file_name)).write_bytes(piece.content)


def safe_name(text: str) -> str:
    """A file name that stays in its folder, whatever `text` is."""
    name = re.sub(r"[^\w.-]+", "-", text).strip(".-")
    return name[:LONGEST_NAME] or "unnamed"
