"""Little-endian bytes in memory, read with bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from framework.formats.errors import FormatError


@dataclass(frozen=True, slots=True)
class View:
    """Bytes of the file `name`, from its byte `base` on; a read past their end is a FormatError."""

    name: str
    data: bytes
    base: int = 0

    def u8(self, at: int) -> int:
        return self.take(at, 1)[0]

    def u16(self, at: int) -> int:
        return int.from_bytes(self.take(at, 2), "little")

    def u32(self, at: int) -> int:
        return int.from_bytes(self.take(at, 4), "little")

    def take(self, at: int, count: int) -> bytes:
        if at < 0 or at + count > len(self.data):
            raise self.error(at, f"{count} bytes wanted, but {max(len(self.data) - at, 0)} are left")
        return self.data[at : at + count]

    def error(self, at: int, what: str) -> FormatError:
        return FormatError(self.name, self.base + at, what)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A `ResChunk_header` of Android's compiled resources, and where its body and the chunk end."""

    view: View
    kind: int
    start: int
    body: int
    end: int

    def children(self) -> Iterator[Chunk]:
        return chunks(self.view, self.body, self.end)


def chunks(view: View, start: int, end: int) -> Iterator[Chunk]:
    """The chunks that fill the bytes from `start` to `end` (AOSP androidfw/ResourceTypes.h)."""
    while start < end:
        header, size = view.u16(start + 2), view.u32(start + 4)
        if header < 8 or size < header or start + size > end:
            raise view.error(start, f"a chunk of {size} bytes with a header of {header} does not fit")
        yield Chunk(view, view.u16(start), start, start + header, start + size)
        start += size
