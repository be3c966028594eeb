"""Texts of resources."""

from __future__ import annotations

import struct
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.formats.arsc import resolve_text
from framework.formats.errors import FormatError
from framework.formats.string_pool import pack_strings

if TYPE_CHECKING:
    from conftest import AndroidTools

STRING, REFERENCE, INTEGER = 3, 1, 0x10
DEFAULT, CHINESE = bytes(4), b"zh\0\0"


def chunk(kind: int, head: bytes, body: bytes) -> bytes:
    return struct.pack("<HHI", kind, 8 + len(head), 8 + len(head) + len(body)) + head + body


def simple(kind: int, data: int) -> bytes:
    return struct.pack("<HHIHBBI", 8, 0, 0, 8, 0, kind, data)


def compact(kind: int, data: int) -> bytes:
    return struct.pack("<HHI", 0, kind << 8 | 8, data)


def type_chunk(language: bytes, offsets: bytes, count: int, entries: bytes, flags: int = 0) -> bytes:
    """A `ResTable_type` of type 1, its configuration asking for a language or for nothing."""
    config = struct.pack("<II", 12, 0) + language
    head = struct.pack("<BBHII", 1, flags, 0, count, 20 + len(config) + len(offsets)) + config
    return chunk(0x0201, head, offsets + entries)


def table(*types: bytes) -> bytes:
    package = chunk(0x0200, struct.pack("<I", 0x7F) + bytes(276), b"".join(types))
    return chunk(0x0002, struct.pack("<I", 1), pack_strings(["zero", "one", "二"]) + package)


PLAIN = table(
    type_chunk(CHINESE, struct.pack("<II", 0xFFFFFFFF, 0), 2, simple(STRING, 2)),
    type_chunk(
        DEFAULT,
        struct.pack("<IIII", 0, 16, 32, 48),
        4,
        simple(STRING, 0) + simple(STRING, 1) + simple(REFERENCE, 0x7F010001) + simple(INTEGER, 1),
    ),
)


@pytest.mark.parametrize(
    ("resource", "text"),
    [
        (0x7F010000, "zero"),
        (0x7F010001, "one"),
        (0x7F010002, "one"),
        (0x7F010003, None),
        (0x7F010004, None),
        (0x7F020000, None),
        (0x01010000, None),
    ],
)
def test_a_text_is_found(resource: int, text: str | None) -> None:
    """Of the default configuration, through references; None for what is no text or is not there."""
    assert resolve_text(PLAIN, "x", resource) == text


def test_a_text_without_a_default_is_found_in_another_configuration() -> None:
    """Better one language than none."""
    only_chinese = table(type_chunk(CHINESE, struct.pack("<I", 0), 1, simple(STRING, 2)))
    assert resolve_text(only_chinese, "x", 0x7F010000) == "二"


def test_dense_encodings_are_read() -> None:
    """Sparse types, 16-bit offsets and compact entries, which newer tools write."""
    sparse = table(type_chunk(DEFAULT, struct.pack("<HHHH", 3, 0, 9, 4), 2, simple(STRING, 0) + simple(STRING, 1), 1))
    assert [resolve_text(sparse, "x", 0x7F010000 + n) for n in (3, 9, 4)] == ["zero", "one", None]
    short = table(type_chunk(DEFAULT, struct.pack("<HH", 0xFFFF, 0), 2, compact(STRING, 1), 2))
    assert [resolve_text(short, "x", 0x7F010000 + n) for n in (0, 1, 2)] == [None, "one", None]


def test_references_in_a_ring_end() -> None:
    """Two resources that mean each other mean nothing."""
    ring = table(
        type_chunk(DEFAULT, struct.pack("<II", 0, 16), 2, simple(REFERENCE, 0x7F010001) + simple(REFERENCE, 0x7F010000))
    )
    assert resolve_text(ring, "x", 0x7F010000) is None


def test_complex_resources_have_no_text() -> None:
    """Styles and arrays are maps, not values."""
    style = table(type_chunk(DEFAULT, struct.pack("<I", 0), 1, struct.pack("<HHIII", 16, 1, 0, 0, 0)))
    assert resolve_text(style, "x", 0x7F010000) is None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_is_a_format_error_or_harmless(data: st.DataObject) -> None:
    """Whatever is changed or cut off: a text, None or a FormatError, never another error."""
    damaged = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(0, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(FormatError):
        resolve_text(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]), "x", 0x7F010002)


@pytest.mark.foreign
@pytest.mark.parametrize("options", [(), ("--enable-sparse-encoding",), ("-c", "zh")])
def test_tables_of_aapt2_are_read(android_tools: AndroidTools, options: tuple[str, ...]) -> None:
    """The default text, however aapt2 packed the table."""
    with zipfile.ZipFile(android_tools.link("table.apk", "--min-sdk-version", "26", *options)) as archive:
        data = archive.read("resources.arsc")
    found = [resolve_text(data, "x", 0x7F010000 + number) for number in range(5)]
    assert found == ["x", "Größe", "Größe", "4.2", None]
