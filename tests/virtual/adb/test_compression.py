"""The compressions of sync: what an encoder writes a decoder reads, in any pieces, and noise is refused."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.adb.compression import COMPRESSIONS, PIECE, CompressionError, Decoder, Encoder

EACH = pytest.mark.parametrize(
    ("decoder", "encoder"), [row[2:] for row in COMPRESSIONS], ids=[row[1] for row in COMPRESSIONS]
)


@EACH
@settings(max_examples=30, deadline=None)
@given(
    parts=st.lists(st.binary(max_size=300) | st.builds(bytes, st.integers(0, 200_000)), max_size=6),
    step=st.integers(1, 5000),
)
def test_what_was_written_is_read(
    decoder: Callable[[], Decoder], encoder: Callable[[], Encoder], parts: list[bytes], step: int
) -> None:
    """However the compressed bytes are cut, and never in pieces of more than twice the bound."""
    writing, reading = encoder(), decoder()
    compressed = b"".join(writing.feed(part) for part in parts if part) + writing.end()
    pieces: list[bytes] = []
    for start in range(0, len(compressed), step):
        assert not reading.finished
        pieces += reading.feed(compressed[start : start + step])
    assert b"".join(pieces) == b"".join(parts)
    assert reading.finished
    assert all(len(piece) <= 2 * PIECE for piece in pieces)


@EACH
@given(noise=st.binary(min_size=40, max_size=400))
def test_noise_is_refused_or_unfinished(
    decoder: Callable[[], Decoder], encoder: Callable[[], Encoder], noise: bytes
) -> None:
    """It ends in an error of ours, or wants more, or happens to be a stream; nothing else is raised."""
    reading = decoder()
    try:
        for _ in reading.feed(noise):
            pass
    except CompressionError:
        return
    assert reading.finished in (True, False)


@EACH
def test_what_follows_the_end_is_refused(decoder: Callable[[], Decoder], encoder: Callable[[], Encoder]) -> None:
    """In the next feed, for each of them."""
    writing, reading = encoder(), decoder()
    assert b"".join(reading.feed(writing.feed(b"all") + writing.end())) == b"all"
    with pytest.raises(CompressionError):
        list(reading.feed(b"more"))


@EACH
def test_random_bytes_come_through(decoder: Callable[[], Decoder], encoder: Callable[[], Encoder]) -> None:
    """They cannot be compressed: what is written is larger than what was given."""
    data, writing, reading = os.urandom(300_000), encoder(), decoder()
    assert b"".join(reading.feed(writing.feed(data) + writing.end())) == data
