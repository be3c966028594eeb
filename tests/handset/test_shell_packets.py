"""Shell v2's packets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from framework.handset.shell_packets import PacketReader, encode

PACKETS = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=40)), max_size=8)


@given(PACKETS, st.integers(1, 9))
def test_packets_survive_any_split(packets: list[tuple[int, bytes]], size: int) -> None:
    """However the bytes are cut on the way, the same packets come out."""
    raw = b"".join(encode(kind, data) for kind, data in packets)
    reader = PacketReader()
    found = [packet for start in range(0, len(raw), size) for packet in reader.feed(raw[start : start + size])]
    assert found == packets


@given(st.binary(max_size=100))
def test_any_bytes_are_survived(raw: bytes) -> None:
    """Bytes that are no packets make no error; what is incomplete waits."""
    assert isinstance(PacketReader().feed(raw), list)
