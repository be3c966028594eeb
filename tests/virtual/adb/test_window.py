"""The size of a client's window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.adb.window import WindowSize, read_window_size

NUMBER = st.integers(0, 0xFFFF)


@given(rows=NUMBER, columns=NUMBER, width=NUMBER, height=NUMBER, end=st.sampled_from([b"", b"\0"]))
def test_a_size_is_read(rows: int, columns: int, width: int, height: int, end: bytes) -> None:
    """As adb writes it, with or without its NUL."""
    data = b"%dx%d,%dx%d" % (rows, columns, width, height)
    assert read_window_size(data + end) == WindowSize(rows, columns, (width, height))


@pytest.mark.parametrize("data", [b"", b"24x80", b"24x80,0x", b"-1x80,0x0", b"65536x80,0x0", b"24x80,0x0,"])
def test_anything_else_is_none(data: bytes) -> None:
    """Parts of a size, signs, and numbers that are too large."""
    assert read_window_size(data) is None


@given(st.binary(max_size=30))
def test_noise_is_a_size_or_none(data: bytes) -> None:
    """Nothing is raised."""
    size = read_window_size(data)
    assert size is None or max(size.rows, size.columns, *size.pixels) <= 0xFFFF
