"""ADB packets, sans-IO: headers, checksums and the banner (AOSP protocol.txt and types.h; numbers from adb-shell)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from adb_shell import constants

AUTH, CLSE, CNXN, OKAY, OPEN, WRTE = (
    constants.AUTH,
    constants.CLSE,
    constants.CNXN,
    constants.OKAY,
    constants.OPEN,
    constants.WRTE,
)
STLS = b"STLS"
"""The handset asks for TLS (wireless debugging, Android 11 and later)."""

VERSION_WITH_CHECKSUM = 0x01000000
VERSION = 0x01000001
"""From here on both sides leave the checksum out."""

MAX_PAYLOAD = 1024 * 1024
HEADER = struct.Struct("<4s5I")

_NUMPY_PAYS_FROM = 4096


@dataclass(frozen=True, slots=True)
class Packet:
    """`command` is four letters; `arg0` and `arg1` are local and remote stream ids, or what the command says."""

    command: bytes
    arg0: int
    arg1: int
    data: bytes | memoryview = b""


@dataclass(frozen=True, slots=True)
class Peer:
    """What the handset's adbd said of itself."""

    version: int
    max_payload: int
    state: str
    """`device` when it is up; else recovery, sideload, …"""
    features: frozenset[str]


def header(packet: Packet, *, with_checksum: bool) -> bytes:
    """The 24 bytes in front of a packet's data."""
    magic = int.from_bytes(packet.command, "little") ^ 0xFFFFFFFF
    total = checksum(packet.data) if with_checksum else 0
    return HEADER.pack(packet.command, packet.arg0, packet.arg1, len(packet.data), total, magic)


def read_header(raw: bytes) -> tuple[Packet, int]:
    """The packet without its data, and the length of the data; ValueError for bytes that are no ADB header."""
    command, arg0, arg1, length, _, magic = HEADER.unpack(raw)
    if int.from_bytes(command, "little") ^ 0xFFFFFFFF != magic:
        raise ValueError(f"{raw[:4]!r} does not begin an ADB packet")
    if length > MAX_PAYLOAD:
        raise ValueError(f"a packet of {length} bytes is over the limit of {MAX_PAYLOAD}")
    return Packet(command, arg0, arg1), length


def checksum(data: bytes | memoryview) -> int:
    """The sum of the bytes, which adbds before Android 9 verify."""
    if len(data) < _NUMPY_PAYS_FROM:
        return sum(data)
    import numpy  # only old handsets need it: not at start-up

    return int(numpy.frombuffer(data, numpy.uint8).sum(dtype=numpy.uint32))


def read_banner(packet: Packet) -> Peer:
    """The handset's CNXN: `device::ro.product.name=…;features=shell_v2,cmd`."""
    banner = bytes(packet.data).decode("utf-8", "replace").rstrip("\0")
    state, _, rest = banner.partition(":")
    properties = dict(entry.split("=", 1) for entry in rest.lstrip(":").split(";") if "=" in entry)
    features = frozenset(properties.get("features", "").split(",")) - {""}
    return Peer(packet.arg0, min(packet.arg1, MAX_PAYLOAD), state, features)
