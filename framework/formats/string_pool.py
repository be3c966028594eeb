"""The string pool of Android's compiled resources (`ResStringPool`, AOSP androidfw/ResourceTypes.h)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from framework.formats.view import Chunk, View

STRING_POOL: Final = 0x0001
NO_STRING: Final = 0xFFFFFFFF

_UTF8_FLAG = 1 << 8
_HEADER = struct.Struct("<HHIIIIII")


@dataclass(frozen=True, slots=True)
class StringPool:
    """Strings by index, decoded when asked for."""

    view: View
    count: int
    utf8: bool
    offsets: int
    strings: int

    @classmethod
    def of(cls, chunk: Chunk) -> StringPool:
        view, start = chunk.view, chunk.start
        count, flags, strings = view.u32(start + 8), view.u32(start + 16), view.u32(start + 20)
        if chunk.body + 4 * count > chunk.end:
            raise view.error(start, f"a pool of {count} strings does not fit into {chunk.end - start} bytes")
        return cls(view, count, bool(flags & _UTF8_FLAG), chunk.body, start + strings)

    def get(self, index: int) -> str | None:
        """None for the index that means "no string"."""
        return None if index == NO_STRING else self[index]

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < self.count:
            raise self.view.error(self.offsets, f"string {index} of a pool of {self.count}")
        at = self.strings + self.view.u32(self.offsets + 4 * index)
        return self._utf8(at) if self.utf8 else self._utf16(at)

    def _utf8(self, at: int) -> str:
        _, at = self._length8(at)  # the length in UTF-16 units comes first
        length, at = self._length8(at)
        return self.view.take(at, length).decode("utf-8", "replace")

    def _length8(self, at: int) -> tuple[int, int]:
        first = self.view.u8(at)
        if first & 0x80:
            return (first & 0x7F) << 8 | self.view.u8(at + 1), at + 2
        return first, at + 1

    def _utf16(self, at: int) -> str:
        length, at = self.view.u16(at), at + 2
        if length & 0x8000:
            length, at = (length & 0x7FFF) << 16 | self.view.u16(at), at + 2
        return self.view.take(at, 2 * length).decode("utf-16-le", "replace")


def pack_strings(strings: Sequence[str]) -> bytes:
    """A whole pool chunk, in UTF-8."""
    packed = [_pack(text) for text in strings]
    offsets, at = [], 0
    for item in packed:
        offsets.append(at)
        at += len(item)
    body = b"".join(packed)
    body += bytes(-len(body) % 4)
    begin = _HEADER.size + 4 * len(offsets)
    header = _HEADER.pack(STRING_POOL, _HEADER.size, begin + len(body), len(offsets), 0, _UTF8_FLAG, begin, 0)
    return header + struct.pack(f"<{len(offsets)}I", *offsets) + body


def _pack(text: str) -> bytes:
    data = text.encode("utf-8")
    return _pack_length(len(text.encode("utf-16-le")) // 2) + _pack_length(len(data)) + data + b"\0"


def _pack_length(length: int) -> bytes:
    if length > 0x7FFF:
        raise ValueError(f"a string of {length} units is too long for a UTF-8 pool")
    return bytes([length]) if length < 0x80 else bytes([0x80 | length >> 8, length & 0xFF])
