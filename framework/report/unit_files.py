"""The evidence of a run on disk: one folder a repetition, readable without any report tool."""

from __future__ import annotations

import re
from pathlib import Path

from framework.contract.run import Repetition, RepetitionFinished, RunEvent, Unit
from framework.report.samples import samples_csv
from framework.report.trace_page import trace_page
from framework.report.transcript import transcript_page

LONGEST_NAME = 80


class UnitFiles:
    """Observer that writes `units/SCENARIO/HANDSET/REPETITION-ATTEMPT/` as each repetition ends."""

    def __init__(self, run_folder: Path) -> None:
        self._folder = run_folder / "units"

    def notify(self, event: RunEvent) -> None:
        if isinstance(event, RepetitionFinished):
            self._write(event.unit, event.repetition)

    def _write(self, unit: Unit, repetition: Repetition) -> None:
        folder = self._folder / safe_name(str(Path(unit.file).with_suffix(""))) / safe_name(unit.handset.name)
        folder /= f"{repetition.number}-{repetition.attempt}"
        folder.mkdir(parents=True, exist_ok=True)
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
