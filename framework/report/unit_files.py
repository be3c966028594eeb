"""The evidence of a run on disk: one folder a repetition, readable without any report tool."""

from __future__ import annotations

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
from framework.journal.places import RECORDING, repetition_place, safe_name
from framework.journal.trace import TraceWriter
from framework.report.documents import Documents


class UnitFiles:
    """Observer that writes `units/SCENARIO/HANDSET/REPETITION-ATTEMPT/`: the recording as it comes, and its pages."""

    def __init__(self, run_folder: Path, documents: Documents) -> None:
        self._folder, self._documents = run_folder, documents
        self._writers: dict[str, TraceWriter] = {}

    def notify(self, event: RunEvent) -> None:
        match event:
            case TraceBegan(unit, number, attempt):
                self._begin(
                    unit, TraceWriter(self._place(unit, number, attempt) / RECORDING, unit, number, attempt, event)
                )
            case TraceGrew(unit, piece=piece) if unit.id in self._writers:
                self._writers[unit.id].piece(piece)
            case TurnFinished(unit, turn=turn) if unit.id in self._writers:
                self._writers[unit.id].turn(turn)
            case RepetitionFinished(unit, repetition):
                self._end(unit, repetition)

    def _begin(self, unit: Unit, writer: TraceWriter) -> None:
        """One recording a unit; that of a repetition that never ended stays as it is."""
        if unit.id in self._writers:
            self._writers[unit.id].close()
        self._writers[unit.id] = writer

    def _end(self, unit: Unit, repetition: Repetition) -> None:
        folder = self._place(unit, repetition.number, repetition.attempt)
        writer = self._writers.pop(unit.id, None)
        if writer is None:
            writer = TraceWriter(folder / RECORDING, unit, repetition.number, repetition.attempt)
        repetition = writer.end(repetition)
        evidence = [*repetition.evidence, *(piece for turn in repetition.turns for piece in turn.evidence)]
        for piece in (*evidence, *self._documents.make(unit, repetition)):
            (folder / safe_name(piece.file_name)).write_bytes(piece.content)

    def _place(self, unit: Unit, number: int, attempt: int) -> Path:
        return self._folder / repetition_place(unit, number, attempt)
