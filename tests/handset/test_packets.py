"""ADB packets, against adb-shell's own."""

from __future__ import annotations

import pytest
from adb_shell.adb_message import AdbMessage
from hypothesis import given
from hypothesis import strategies as st

from framework.handset.packets import (
    CNXN,
    HEADER,
    MAX_PAYLOAD,
    VERSION,
    WRTE,
    Packet,
    Peer,
    checksum,
    header,
    read_banner,
    read_header,
)

ID = st.integers(0, 2**32 - 1)


@given(ID, ID, st.binary(max_size=300))
def test_headers_are_those_of_adb_shell(arg0: int, arg1: int, data: bytes) -> None:
    """The same 24 bytes as adb-shell packs, checksum included."""
    assert header(Packet(WRTE, arg0, arg1, data), with_checksum=True) == AdbMessage(WRTE, arg0, arg1, data).pack()


@given(ID, ID, st.binary(max_size=300))
def test_headers_are_read_back(arg0: int, arg1: int, data: bytes) -> None:
    """What was packed is read, with the length of the data that follows."""
    raw = header(Packet(WRTE, arg0, arg1, data), with_checksum=False)
    assert read_header(raw) == (Packet(WRTE, arg0, arg1), len(data))


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, MAX_PAYLOAD])
def test_checksums_of_all_sizes(size: int) -> None:
    """The fast way for much data gives the same sum."""
    data = bytes(range(256)) * (size // 256 + 1)
    assert checksum(data[:size]) == sum(data[:size]) & 0xFFFFFFFF
    assert checksum(memoryview(data)[:size]) == sum(data[:size])


@given(st.binary(min_size=HEADER.size, max_size=HEADER.size))
def test_noise_is_no_packet(raw: bytes) -> None:
    """Bytes without the magic word are refused."""
    with pytest.raises(ValueError, match="does not begin an ADB packet"):
        read_header(raw)


def test_a_packet_may_not_be_longer_than_agreed() -> None:
    """A length over the limit is refused before memory is taken for it."""
    raw = HEADER.pack(WRTE, 1, 1, MAX_PAYLOAD + 1, 0, int.from_bytes(WRTE, "little") ^ 0xFFFFFFFF)
    with pytest.raises(ValueError, match="over the limit"):
        read_header(raw)


@pytest.mark.parametrize(
    ("banner", "state", "features"),
    [
        (b"device::ro.product.name=a;ro.product.model=b c;features=shell_v2,cmd\0", "device", {"shell_v2", "cmd"}),
        (b"device::ro.product.name=a;features=", "device", set()),
        (b"recovery::", "recovery", set()),
        (b"", "", set()),
    ],
)
def test_banners(banner: bytes, state: str, features: set[str]) -> None:
    """State and features; old handsets tell no features."""
    peer = read_banner(Packet(CNXN, VERSION, 256 * 1024, banner))
    assert peer == Peer(VERSION, 256 * 1024, state, frozenset(features))


def test_the_payload_is_what_both_can_take() -> None:
    """A handset that could take more than we can is given what we can."""
    assert read_banner(Packet(CNXN, VERSION, 1 << 30, b"device::")).max_payload == MAX_PAYLOAD
