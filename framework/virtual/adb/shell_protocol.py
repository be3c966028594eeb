"""Shell v2 framing: 1 byte id, 4 bytes length, data (AOSP packages/modules/adb/shell_protocol.h)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum

_HEADER = struct.Struct("<BI")


class FrameId(IntEnum):
    STDIN = 0
    STDOUT = 1
    STDERR = 2
    EXIT = 3
    CLOSE_STDIN = 4
    WINDOW_SIZE = 5


def encode_frame(kind: FrameId, data: bytes) -> bytes:
    return _HEADER.pack(kind, len(data)) + data


class FrameDecoder:
    """Bytes in, frames out; a frame that comes in parts is given in parts, so that none is ever held."""

    def __init__(self) -> None:
        self._header = b""
        self._kind = 0
        self._left = 0

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """(id, part) of each frame in `data`; the id may be one that `FrameId` does not know."""
        rest = memoryview(data)
        while rest:
            if not self._left:
                missing = _HEADER.size - len(self._header)
                self._header, rest = self._header + rest[:missing], rest[missing:]
                if len(self._header) < _HEADER.size:
                    return
                self._kind, self._left = _HEADER.unpack(self._header)
                self._header = b""
            part, rest = bytes(rest[: self._left]), rest[self._left :]
            if part or not self._left:
                self._left -= len(part)
                yield self._kind, part
