"""The APK Signing Block."""

from __future__ import annotations

import hashlib
import io
import struct

import pytest

from framework.formats.archive import write_archive
from framework.formats.errors import FormatError
from framework.formats.signing_block import content_digest, pack_block, read_layout
from framework.formats.source import OpenSource

UNSIGNED = write_archive({"a": b"1" * (5 << 18), "b": b"2"})


def source(data: bytes) -> OpenSource:
    return OpenSource(io.BytesIO(data), "x.apk", len(data))


def with_block(block: bytes) -> bytes:
    layout = read_layout(source(UNSIGNED))
    end = bytearray(UNSIGNED[layout.end :])
    end[16:20] = struct.pack("<I", layout.directory + len(block))
    return UNSIGNED[: layout.directory] + block + UNSIGNED[layout.directory : layout.end] + bytes(end)


def test_an_unsigned_apk_has_no_blocks() -> None:
    """Entries end where the directory begins."""
    layout = read_layout(source(UNSIGNED))
    assert (layout.entries_end, dict(layout.blocks)) == (layout.directory, {})
    assert UNSIGNED[layout.directory : layout.directory + 4] == b"PK\x01\x02"


def test_blocks_are_found_by_id() -> None:
    """Each pair is seen with its bytes and its place in the file."""
    data = with_block(pack_block({0x7109871A: b"seven", 5: b""}))
    blocks = read_layout(source(data)).blocks
    assert {id_: view.data for id_, view in blocks.items()} == {0x7109871A: b"seven", 5: b""}
    assert data[blocks[0x7109871A].base :].startswith(b"seven")


def test_the_digest_does_not_depend_on_the_block() -> None:
    """What is signed is the same before and after the block is put in."""
    digests = {
        content_digest(source(data), read_layout(source(data)), "sha256")
        for data in (UNSIGNED, with_block(pack_block({1: b"x"})), with_block(pack_block({1: bytes(9999)})))
    }
    assert len(digests) == 1


def test_the_digest_is_that_of_the_specification() -> None:
    """Chunks of a megabyte, prefixed by 0xa5 and their length, then 0x5a and their number."""
    layout = read_layout(source(UNSIGNED))
    parts = [
        UNSIGNED[: 1 << 20],
        UNSIGNED[1 << 20 : layout.directory],
        UNSIGNED[layout.directory : layout.end],
        UNSIGNED[layout.end :],
    ]
    chunks = [hashlib.sha256(b"\xa5" + struct.pack("<I", len(part)) + part).digest() for part in parts]
    expected = hashlib.sha256(b"\x5a" + struct.pack("<I", 4) + b"".join(chunks)).digest()
    assert content_digest(source(UNSIGNED), layout, "sha256") == expected


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (struct.pack("<QQ16s", 25, 24, b"APK Sig Block 42"), "sizes of the signing block differ"),
        (struct.pack("<QQ16s", 1 << 40, 1 << 40, b"APK Sig Block 42"), "does not fit"),
        (struct.pack("<QQQ16s", 32, 99, 32, b"APK Sig Block 42"), "a pair of 99 bytes does not fit"),
    ],
)
def test_a_damaged_block_is_a_format_error(block: bytes, what: str) -> None:
    """The message says what is wrong with it."""
    with pytest.raises(FormatError, match=what):
        read_layout(source(with_block(block)))


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", UNSIGNED[:-1], UNSIGNED + b"x", UNSIGNED[100:]])
def test_what_is_not_a_whole_zip_is_a_format_error(data: bytes) -> None:
    """Missing or additional bytes are noticed."""
    with pytest.raises(FormatError):
        read_layout(source(data))
