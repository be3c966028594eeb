"""Shell v2 frames."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.adb.shell_protocol import FrameDecoder, FrameId, encode_frame

frames = st.lists(st.tuples(st.sampled_from(FrameId), st.binary(max_size=30)), max_size=8)


@settings(max_examples=150)
@given(sent=frames, step=st.sampled_from([1, 7, 1000]))
def test_what_is_framed_comes_out_whatever_the_cuts(sent: list[tuple[FrameId, bytes]], step: int) -> None:
    """Each id's bytes arrive in order, and an empty frame is still a frame."""
    data = b"".join(encode_frame(kind, part) for kind, part in sent)
    decoder = FrameDecoder()
    got = [frame for start in range(0, len(data), step) for frame in decoder.feed(data[start : start + step])]
    joined = [(kind, b"".join(part for _, part in group)) for kind, group in groupby(got, lambda frame: frame[0])]
    expected = [(kind, b"".join(part for _, part in group)) for kind, group in groupby(sent, lambda f: f[0])]
    assert joined == expected
    assert sum(not part for _, part in got) == sum(not part for _, part in sent)


def test_the_bytes_are_those_of_the_protocol() -> None:
    """One byte of id, four of length, little-endian."""
    assert encode_frame(FrameId.EXIT, b"\x07") == b"\x03\x01\0\0\0\x07"
