"""The messages of the sync service (AOSP packages/modules/adb/file_sync_protocol.h), little-endian."""

from __future__ import annotations

import struct

from framework.virtual.adb.device_port import FileStat

STAT_V1, STAT_V2, LSTAT_V2 = b"STAT", b"STA2", b"LST2"
LIST_V1, LIST_V2, DENT_V1, DENT_V2 = b"LIST", b"LIS2", b"DENT", b"DNT2"
SEND_V1, SEND_V2, RECV_V1, RECV_V2 = b"SEND", b"SND2", b"RECV", b"RCV2"
DATA, DONE, OKAY, FAIL, QUIT = b"DATA", b"DONE", b"OKAY", b"FAIL", b"QUIT"

MAX_PATH = 1024
MAX_DATA = 64 * 1024
DRY_RUN = 0x80000000
"""Flag of SND2: take the data but store nothing."""

HEADER = struct.Struct("<4sI")
"""An id and a length, or in its place a time (DONE) or nothing."""
SEND_V2_SETUP = struct.Struct("<4sII")
"""Id, mode, flags."""
RECV_V2_SETUP = struct.Struct("<4sI")
"""Id, flags."""

_WORD = 0xFFFFFFFF
_STAT_V1 = struct.Struct("<III")
_STAT_V2 = struct.Struct("<IQQIIIIQqqq")
_NAME_LENGTH = struct.Struct("<I")


def stat_v1(found: FileStat | None) -> bytes:
    """Mode, size, time; zeros for what does not exist. Sizes above 4 GiB are cut, as adbd does."""
    if found is None:
        return _STAT_V1.pack(0, 0, 0)
    return _STAT_V1.pack(found.mode, found.size & _WORD, found.mtime & _WORD)


def stat_v2(found: FileStat | None, error: int = 0) -> bytes:
    """Error (errno), device, inode, mode, links, owner, group, size, and three times.

    The handset knows one time per file and one device.
    """
    if found is None:
        return _STAT_V2.pack(error, *[0] * 10)
    owner = (found.nlink, found.uid, found.gid)
    return _STAT_V2.pack(0, 0, found.ino, found.mode, *owner, found.size, *[found.mtime] * 3)


def entry_v1(name: bytes, found: FileStat) -> bytes:
    return DENT_V1 + stat_v1(found) + _NAME_LENGTH.pack(len(name)) + name


def entry_v2(name: bytes, found: FileStat | None, error: int = 0) -> bytes:
    return DENT_V2 + stat_v2(found, error) + _NAME_LENGTH.pack(len(name)) + name


def end_of_list(*, v2: bool) -> bytes:
    """DONE, padded with zeros to the size of an entry."""
    return DONE + bytes((_STAT_V2 if v2 else _STAT_V1).size + _NAME_LENGTH.size)
