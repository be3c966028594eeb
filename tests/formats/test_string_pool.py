"""The string pool of compiled resources."""

from __future__ import annotations

import struct

import pytest

from framework.formats.errors import FormatError
from framework.formats.string_pool import NO_STRING, StringPool, pack_strings
from framework.formats.view import View, chunks

LONG = "长" * 0x9000


def pool(data: bytes) -> StringPool:
    return StringPool.of(next(chunks(View("x", data), 0, len(data))))


def utf16_pool(*strings: str) -> bytes:
    """As older tools write it: lengths in units, two of them where one does not reach."""
    body, offsets = b"", []
    for text in strings:
        offsets.append(len(body))
        units = len(text.encode("utf-16-le")) // 2
        length = (
            struct.pack("<H", units) if units < 0x8000 else struct.pack("<HH", units >> 16 | 0x8000, units & 0xFFFF)
        )
        body += length + text.encode("utf-16-le") + b"\0\0"
    begin = 28 + 4 * len(offsets)
    head = struct.pack("<HHIIIIII", 1, 28, begin + len(body), len(offsets), 0, 0, begin, 0)
    return head + struct.pack(f"<{len(offsets)}I", *offsets) + body


def test_utf8_pools_are_read() -> None:
    """Short and long strings, and characters outside of the basic plane."""
    strings = ["", "a", "😀", "é" * 0x3000]
    read = pool(pack_strings(strings))
    assert [read[number] for number in range(4)] == strings


def test_utf16_pools_are_read() -> None:
    """Short and long strings, and characters outside of the basic plane."""
    read = pool(utf16_pool("a", "😀", LONG))
    assert [read[number] for number in range(3)] == ["a", "😀", LONG]


def test_no_string_is_none() -> None:
    """The index that stands for "no string" is no error; any other beyond the end is."""
    read = pool(pack_strings(["a"]))
    assert read.get(NO_STRING) is None
    with pytest.raises(FormatError, match="string 1 of a pool of 1"):
        read[1]
