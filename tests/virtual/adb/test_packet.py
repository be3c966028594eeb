"""Packets: their bytes, and what is refused."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.adb.packet import MAX_PAYLOAD, Command, Packet, PacketDecoder, PacketError, checksum, encode

words = st.integers(0, 2**32 - 1)
packets = st.builds(Packet, words, words, words, st.binary(max_size=200), words)


@settings(max_examples=200)
@given(sent=st.lists(packets, max_size=5), step=st.sampled_from([1, 7, 64, 10_000]))
def test_what_is_encoded_is_decoded(sent: list[Packet], step: int) -> None:
    """Any packets come out as they went in, however the bytes are cut."""
    data = b"".join(encode(packet) for packet in sent)
    decoder, got = PacketDecoder(), []
    for start in range(0, len(data), step):
        decoder.feed(data[start : start + step])
        while (packet := decoder.next_packet(MAX_PAYLOAD)) is not None:
            got.append(packet)
    assert got == sent


def test_the_bytes_are_those_of_the_protocol() -> None:
    """CNXN as AOSP's protocol.txt lays it out: six little-endian words, the last the command inverted."""
    packet = Packet(Command.CNXN, 0x01000001, 4096, b"host::", checksum(b"host::"))
    assert encode(packet) == (
        b"CNXN"
        + b"\x01\x00\x00\x01"
        + b"\x00\x10\x00\x00"
        + b"\x06\0\0\0"
        + b"\x32\x02\0\0"
        + b"\xbc\xb1\xa7\xb1host::"
    )


@settings(max_examples=50)
@given(st.binary(max_size=5000))
def test_the_checksum_is_the_sum_of_the_bytes(payload: bytes) -> None:
    """As AOSP's calculate_apacket_checksum."""
    assert checksum(payload) == sum(payload)


def test_a_wrong_magic_is_refused_before_the_payload() -> None:
    """Six words suffice to tell: nothing is waited for."""
    decoder = PacketDecoder()
    decoder.feed(struct.pack("<6I", Command.WRTE, 1, 2, 100, 0, Command.WRTE))
    with pytest.raises(PacketError, match="magic"):
        decoder.next_packet(MAX_PAYLOAD)


def test_a_payload_above_the_limit_is_refused_before_it_comes() -> None:
    """Nobody can make us hold more than was agreed."""
    decoder = PacketDecoder()
    decoder.feed(struct.pack("<6I", Command.WRTE, 1, 2, 4097, 0, Command.WRTE ^ 0xFFFFFFFF))
    with pytest.raises(PacketError, match="4097 bytes is above the agreed 4096"):
        decoder.next_packet(4096)
