"""ADB packets: a 24-byte header and a payload (AOSP packages/modules/adb/protocol.txt, adb.h)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

VERSION_MIN = 0x01000000
"""Protocol version whose packets all carry a checksum; what is spoken before CNXN."""
VERSION = 0x01000001
"""Protocol version without checksums (December 2017 on), which we speak."""
MAX_PAYLOAD = 1024 * 1024
"""Largest payload that we take or send, in bytes."""

TLS_VERSION = 0x01000000
"""A_STLS_VERSION."""

_HEADER = struct.Struct("<6I")
_MAGIC = 0xFFFFFFFF


class Command(IntEnum):
    """The first word of a header: four letters, little-endian."""

    CNXN = 0x4E584E43
    AUTH = 0x48545541
    OPEN = 0x4E45504F
    OKAY = 0x59414B4F
    CLSE = 0x45534C43
    WRTE = 0x45545257
    STLS = 0x534C5453


class AuthKind(IntEnum):
    """What an AUTH carries."""

    TOKEN = 1
    SIGNATURE = 2
    RSAPUBLICKEY = 3


class PacketError(Exception):
    """The peer sent what adbd drops a connection for."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. `command` may be a word that `Command` does not know; `checksum` is as it was sent."""

    command: int
    arg0: int
    arg1: int
    payload: bytes = b""
    checksum: int = 0


def checksum(payload: bytes) -> int:
    """The sum of all bytes, modulo 2**32."""
    return int(np.frombuffer(payload, np.uint8).sum(dtype=np.uint32))


def encode(packet: Packet) -> bytes:
    """The packet's bytes on the wire."""
    command, size = packet.command, len(packet.payload)
    header = _HEADER.pack(command, packet.arg0, packet.arg1, size, packet.checksum, command ^ _MAGIC)
    return header + packet.payload


class PacketDecoder:
    """Bytes in, packets out. Holds at most one header and one payload beyond what was last fed."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def next_packet(self, max_payload: int) -> Packet | None:
        """The next whole packet, or None until there are more bytes.

        Raises PacketError as soon as a header is wrong: its magic, or a payload above `max_payload`.
        """
        if len(self._buffer) < _HEADER.size:
            return None
        command, arg0, arg1, size, check, magic = _HEADER.unpack_from(self._buffer)
        if magic != command ^ _MAGIC:
            raise PacketError(f"magic {magic:#010x} does not fit command {command:#010x}")
        if size > max_payload:
            raise PacketError(f"payload of {size} bytes is above the agreed {max_payload}")
        end = _HEADER.size + size
        if len(self._buffer) < end:
            return None
        with memoryview(self._buffer) as view:
            payload = bytes(view[_HEADER.size : end])
        del self._buffer[:end]
        return Packet(command, arg0, arg1, payload, check)

    def take_rest(self) -> bytes:
        """What was fed and is no packet, taken out: another protocol begins."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest
