"""The packets of shell v2, sans-IO (AOSP shell_protocol.h): one byte of id, four of length, the data."""

from __future__ import annotations

import struct

STDIN, STDOUT, STDERR, EXIT, CLOSE_STDIN = range(5)

_HEADER = struct.Struct("<BI")


def encode(kind: int, data: bytes = b"") -> bytes:
    return _HEADER.pack(kind, len(data)) + data


class PacketReader:
    """Cuts a byte stream into packets, however it was split on the way."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """The packets, (id, data), that `data` completes."""
        self._rest += data
        packets: list[tuple[int, bytes]] = []
        at = 0
        while len(self._rest) - at >= _HEADER.size:
            kind, length = _HEADER.unpack_from(self._rest, at)
            end = at + _HEADER.size + length
            if end > len(self._rest):
                break
            packets.append((kind, bytes(self._rest[at + _HEADER.size : end])))
            at = end
        del self._rest[:at]
        return packets
