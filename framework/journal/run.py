"""The journal of a run: one JSON object a line, appended as things happen, so that a killed run keeps what it had.

Each record is written with one `write` to a file that is open for appending: records of several processes do not
mix, and kill -9 takes at most the record that was being written. Finished repetitions and units are also synced to
the disk, so that a power cut takes at most the turns since.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

from framework.contract.run import RepetitionFinished, RunEvent, TraceBegan, TraceGrew, UnitFinished
from framework.contract.turn import Evidence

FORMAT = 1


class Journal(AbstractContextManager["Journal"]):
    """Observer that appends to `path` between entry and exit."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Journal:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._end_torn_line()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.fsync(self._file)
        os.close(self._file)

    def notify(self, event: RunEvent) -> None:
        """Each event under the name of its class; a unit's repetitions stand in records of their own.

        Samples as they come are not for this journal: each recording has one of its own.
        """
        if isinstance(event, TraceBegan | TraceGrew):
            return
        content = plain(event)
        if isinstance(event, UnitFinished):
            del content["result"]["repetitions"]
        self.record(type(event).__name__, content)
        if isinstance(event, RepetitionFinished | UnitFinished):
            os.fsync(self._file)

    def record(self, kind: str, content: Mapping[str, Any]) -> None:
        """Append one record of JSON data, with the host's time in seconds since 1970."""
        record = {"v": FORMAT, "at": round(time.time(), 3), "kind": kind, **content}
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        _write_all(self._file, line.encode("utf-8", "surrogatepass") + b"\n")

    def _end_torn_line(self) -> None:
        """A process that was killed in the middle of a record has left no line end: ours begins on its own line."""
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            _write_all(self._file, b"\n")


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """The whole records in their order; what a killed process has torn is passed over, and so are other formats."""
    with path.open("rb") as stream:
        for line in stream:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and record.get("v") == FORMAT and isinstance(record.get("kind"), str):
                yield record


def plain(value: Any) -> Any:
    """Records of the contract as JSON data: field by field, verdicts by name, evidence by name and size."""
    if isinstance(value, Evidence):
        return {"name": value.name, "file_name": value.file_name, "bytes": len(value.content)}
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
