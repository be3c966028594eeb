"""Backslash escapes."""

from __future__ import annotations

import pytest

from framework.virtual.commands.context import to_bytes
from framework.virtual.commands.escapes import decode


@pytest.mark.parametrize(
    ("text", "options", "data"),
    [
        ("a\\tb\\n", {}, b"a\tb\n"),
        ("\\x41\\101\\u4f60", {}, b"AA\xe4\xbd\xa0"),
        ("\\xe4\\xbd\\xa0\\377", {}, b"\xe4\xbd\xa0\xff"),
        ("\\0101\\01", {"zero_octal": True}, b"A\x01"),
        ("\\q\\\\", {}, b"\\q\\"),
        ("\\'\\\"\\ca", {"quotes": True}, b"'\"\x01"),
    ],
)
def test_escapes_become_bytes(text: str, options: dict[str, bool], data: bytes) -> None:
    """Bytes above 127 as well; what is no escape stays."""
    assert to_bytes(decode(text, **options)) == data
