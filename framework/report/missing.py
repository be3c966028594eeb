"""Pages of recordings that have none: a run that was killed has left what it recorded."""

from __future__ import annotations

from pathlib import Path

from framework.contract.errors import UsageError
from framework.journal.places import RECORDING, UNITS, safe_name
from framework.journal.trace import read_trace
from framework.report.documents import Documents

PAGE = "trace.html"


def write_missing(run: Path) -> tuple[int, int]:
    """(how many recordings have their pages, how many of them had none until now)."""
    there, made = 0, 0
    for path in sorted((run / UNITS).glob(f"*/*/*/{RECORDING}")):
        if not (path.parent / PAGE).exists():
            if not _written(path):
                continue
            made += 1
        there += 1
    return there, made


def _written(path: Path) -> bool:
    try:
        recording = read_trace(path)
    except UsageError:  # broken off before it began
        return False
    for piece in Documents().make(recording.unit, recording.repetition):
        (path.parent / safe_name(piece.file_name)).write_bytes(piece.content)
    return True
