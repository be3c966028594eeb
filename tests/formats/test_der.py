"""The little of DER that a PKCS#7 signature needs."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.formats.der import INTEGER, SEQUENCE, read_der
from framework.formats.errors import FormatError


def test_values_are_read_with_their_place() -> None:
    """Short and long lengths, nested."""
    long = bytes([INTEGER, 0x82, 0x01, 0x00]) + bytes(256)
    node = read_der(bytes([SEQUENCE, 0x82, 0x01, 0x07]) + b"\x02\x01\x05" + long, "x")
    assert [(child.tag, child.at, len(child.content)) for child in node.children()] == [(2, 4, 1), (2, 7, 256)]
    assert node.children()[1].raw == long


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "0 DER values"),
        (b"\x05\x00\x05\x00", "2 DER values"),
        (b"\x30\x80\x00\x00", "length that DER does not have"),
        (b"\x30\x85" + bytes(9), "length that DER does not have"),
        (b"\x30\x05\x00", "5 bytes wanted, but 1 are left|5 bytes wanted"),
    ],
)
def test_damage_is_a_format_error(data: bytes, what: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(FormatError, match=what):
        read_der(data, "x")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_are_values_or_a_format_error(data: bytes) -> None:
    """Nothing else escapes, whatever comes."""
    with suppress(FormatError):
        read_der(data, "x").children()
