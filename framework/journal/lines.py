"""Files of one JSON object a line, appended as things happen, readable however the process that wrote them ended."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FORMAT = 1


class Lines:
    """An open file that records are appended to; each is one `write`, so that kill -9 takes none that was recorded."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | (os.O_TRUNC if fresh else 0)
        self._file = os.open(path, flags, 0o644)
        self._end_torn_line()

    def record(self, kind: str, content: Mapping[str, Any]) -> None:
        """Append one record of JSON data, with the host's time in seconds since 1970."""
        record = {"v": FORMAT, "at": round(time.time(), 3), "kind": kind, **content}
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        _write_all(self._file, line.encode("utf-8", "surrogatepass") + b"\n")

    def sync(self) -> None:
        """What was recorded outlives a power cut too; without it that is so after about 30 s."""
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)

    def _end_torn_line(self) -> None:
        """A process that was killed in the middle of a record has left no line end: ours begins on its own line."""
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            _write_all(self._file, b"\n")


def record_of(line: bytes) -> dict[str, Any] | None:
    """The record in a line; None for one that is torn, or of another format."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    ours = isinstance(record, dict) and record.get("v") == FORMAT and isinstance(record.get("kind"), str)
    return record if ours else None


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Every line's number, from 1 on, with its record."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            yield number, record_of(line)


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
