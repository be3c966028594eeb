"""Binary XML, read."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.formats.axml import ANDROID, Attribute, Element, Opaque, read_xml
from framework.formats.axml_writer import element, write_xml
from framework.formats.errors import FormatError

SMALL = write_xml(
    element(
        "manifest",
        {"package": "a.b", "android:versionCode": 7},
        element("application", {"android:label": "Größe 你好", "android:debuggable": True}),
        element("instrumentation", {"android:name": ".R"}),
    )
)


def test_attributes_are_found_as_android_finds_them() -> None:
    """`android:` attributes go by resource id even if an obfuscator took their names; the others by name."""
    root = Element("manifest", (Attribute("", 7, ANDROID, 0x0101021B), Attribute("versionCode", 8)))
    read = read_xml(write_xml(root), "x")
    assert read.android("versionCode") == 7
    assert read.plain("versionCode") == 8
    assert read.android("versionName") is None


def test_children_are_found_by_name_in_order() -> None:
    """`all` gives the children of several names as they come in the file."""
    root = read_xml(SMALL, "x")
    assert [child.name for child in root.all("instrumentation", "application")] == ["application", "instrumentation"]
    assert next(root.all("application")).android("label") == "Größe 你好"


def test_values_of_other_types_are_kept_as_they_are() -> None:
    """A float is neither lost nor misread."""
    value = Opaque(4, int.from_bytes(struct.pack("<f", 1.5), "little"))
    assert read_xml(write_xml(Element("a", (Attribute("x", value),))), "x").plain("x") == value


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_is_a_format_error_or_harmless(data: st.DataObject) -> None:
    """Whatever is changed or cut off: a tree or a FormatError, never another error."""
    damaged = bytearray(SMALL)
    for _ in range(data.draw(st.integers(0, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(FormatError):
        read_xml(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]), "x")


def chunk(kind: int, header: int, body: bytes) -> bytes:
    return struct.pack("<HHI", kind, header, 8 + len(body)) + body


POOL = chunk(1, 28, struct.pack("<IIIII", 1, 0, 256, 32, 0) + struct.pack("<I", 0) + b"\x01\x01a\x00")
START = chunk(0x102, 16, struct.pack("<IIIIHHHHHH", 1, 0xFFFFFFFF, 0xFFFFFFFF, 0, 20, 20, 0, 0, 0, 0))
END = chunk(0x103, 16, struct.pack("<IIII", 1, 0xFFFFFFFF, 0xFFFFFFFF, 0))
MANY_ATTRIBUTES = chunk(0x102, 16, struct.pack("<IIIIHHHHHH", 1, 0xFFFFFFFF, 0xFFFFFFFF, 0, 20, 20, 9, 0, 0, 0))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "not binary XML"),
        (b"<manifest/>" + bytes(99), "does not fit"),
        (chunk(3, 8, START), "before the string pool"),
        (chunk(3, 8, POOL + START), "not have one closed root"),
        (chunk(3, 8, POOL + END), "</a> closes nothing"),
        (chunk(3, 8, POOL + START + END + START + END), "not have one closed root"),
        (chunk(3, 8, POOL + MANY_ATTRIBUTES), "9 attributes of 20 bytes do not fit"),
        (chunk(3, 8, chunk(1, 28, struct.pack("<IIIII", 1 << 30, 0, 0, 28, 0))), "does not fit into"),
    ],
)
def test_each_kind_of_damage_is_named(data: bytes, what: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(FormatError, match=what):
        read_xml(data, "x")


def test_a_small_document_made_by_hand_is_read() -> None:
    """The building blocks of the damaged documents make a good one."""
    assert read_xml(chunk(3, 8, POOL + START + END), "x") == Element("a")
