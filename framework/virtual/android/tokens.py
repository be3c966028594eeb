"""The hexadecimal identities that Android prints for its objects: the same object always has the same."""

from __future__ import annotations

from zlib import crc32


def token(*names: object) -> str:
    """As Integer.toHexString(System.identityHashCode(…)): up to 7 digits here."""
    return f"{crc32(repr(names).encode()) >> 4:x}"
