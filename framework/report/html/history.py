"""What Allure 3 knows of earlier runs: one file beside all runs, with one line a run, however often it is reported.

Allure would append a line each time a report is made. So each report is made with a copy that holds the runs before,
and what Allure has appended to that is put into the file in place of what was there of the same run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from framework.tools.alone import Tell, alone

NAME: Final = "allure-history.jsonl"
"""In the folder of all runs."""
RUNS: Final = 30
LARGEST_BYTES: Final = 50_000_000
"""Of the last runs so many are kept, and no more than this: a line has about half a kilobyte a test."""
_RUN, _AT = "pocketfarmRun", "timestamp"
"""Our key in a line of Allure's: the run's id; and Allure's own, in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class RunsBefore:
    """The runs that the report of a run (its id; `began_at`: seconds since 1970) tells of beside it."""

    file: Path
    run: str
    began_at: float

    def copy_to(self, copy: Path) -> None:
        """Of the lines of the runs that began before."""
        lines = [line for line, entry in _entries(self.file) if self._is_before(entry)]
        copy.write_text("".join(_last(lines)), encoding="utf-8")

    def take_from(self, copy: Path, tell: Tell, ends: float) -> None:
        """What Allure has appended to the copy is what the file says of the run from now on.

        A folder that may not be written into costs the history only.
        """
        ours = [entry for _, entry in _entries(copy) if _RUN not in entry]
        if not ours:
            return
        try:
            self._put(ours[-1] | {_RUN: self.run, _AT: self._milliseconds}, tell, ends)
        except OSError as error:
            tell(f"{self.file} was not written: {error.strerror}")

    def _put(self, entry: dict[str, Any], tell: Tell, ends: float) -> None:
        with alone(self.file.with_name(f".{self.file.name}.lock"), "writing Allure's history", tell, ends):
            line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
            told = [one for one in _entries(self.file) if one[1].get(_RUN, self.run) != self.run]
            told = sorted([*told, (line, entry)], key=lambda one: float(one[1][_AT]))
            part = self.file.with_name(f".{self.file.name}-{os.getpid()}.part")
            part.write_text("".join(_last([line for line, _ in told])), encoding="utf-8")
            part.replace(self.file)

    @property
    def _milliseconds(self) -> int:
        return round(self.began_at * 1000)

    def _is_before(self, entry: dict[str, Any]) -> bool:
        return entry.get(_RUN, self.run) != self.run and float(entry[_AT]) < self._milliseconds


def _last(lines: list[str]) -> list[str]:
    """As many as are kept; the last in any case."""
    kept, size = 0, 0
    for line in reversed(lines[-RUNS:]):
        size += len(line)
        if kept and size > LARGEST_BYTES:
            break
        kept += 1
    return lines[len(lines) - kept :]


def _entries(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(line, what it says), in order; what is no line of Allure's is passed over."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")  # no other end of a line is one in JSON
    except OSError:
        return
    for line in lines:
        try:
            entry = json.loads(line)
            float(entry[_AT])
        except (ValueError, KeyError, TypeError):
            continue
        yield f"{line}\n", entry
