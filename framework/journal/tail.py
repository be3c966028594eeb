"""A journal that others are writing, followed from where it ends now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from framework.journal.lines import record_of


class Tail:
    """`records` gives what has come since the last call; a line that is still being written comes whole, later."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._from = path.stat().st_size if path.exists() else 0

    def records(self) -> Iterator[dict[str, Any]]:
        try:
            with self._path.open("rb") as file:
                file.seek(self._from)
                new = file.read()
        except OSError:
            return
        whole, end, _ = new.rpartition(b"\n")
        self._from += len(whole) + len(end)
        for line in whole.splitlines():
            if (record := record_of(line)) is not None:
                yield record
