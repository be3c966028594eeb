"""A binary file given as a path or already open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from framework.formats.errors import FormatError

Source = str | os.PathLike[str] | BinaryIO
"""A path, or a seekable binary file that stays open and is read from its first byte."""


@dataclass(frozen=True, slots=True)
class OpenSource:
    """A file open for reading: `name` for messages, `size` in bytes."""

    file: BinaryIO
    name: str
    size: int

    def read_at(self, offset: int, count: int) -> bytes:
        """Exactly `count` bytes; FormatError where the file does not reach so far."""
        if offset < 0 or count < 0 or offset + count > self.size:
            raise FormatError(self.name, offset, f"{count} bytes wanted, but the file ends at byte {self.size}")
        self.file.seek(offset)
        data = self.file.read(count)
        if len(data) != count:
            raise FormatError(self.name, offset, f"{count} bytes wanted, {len(data)} read")
        return data


@contextmanager
def open_source(source: Source) -> Iterator[OpenSource]:
    """Open a path, or borrow an open file; what it opened it closes."""
    if isinstance(source, (str, os.PathLike)):
        with Path(source).open("rb") as file:
            yield OpenSource(file, os.fspath(source), _size(file))
    else:
        yield OpenSource(source, str(getattr(source, "name", "<file>")), _size(source))


def _size(file: BinaryIO) -> int:
    return file.seek(0, os.SEEK_END)
