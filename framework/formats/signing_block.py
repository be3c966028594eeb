"""The APK Signing Block, between the entries of the zip and its central directory.

Its layout and the digest of what it protects: source.android.com/docs/security/features/apksigning/v2.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from framework.formats.errors import FormatError
from framework.formats.source import OpenSource
from framework.formats.view import View

_MAGIC: Final = b"APK Sig Block 42"
_FOOTER: Final = struct.Struct("<Q16s")
_END_MAGIC: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_CHUNK: Final = 1 << 20
_LARGEST_BLOCK: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class ApkLayout:
    """Where the parts of an APK lie: entries, signing block, directory, end record; empty `blocks` if unsigned."""

    entries_end: int
    directory: int
    end: int
    blocks: Mapping[int, View]


def read_layout(source: OpenSource) -> ApkLayout:
    """FormatError for what is not a zip (or a zip64), or for a damaged signing block."""
    end = _find_end(source)
    size, directory = struct.unpack("<II", source.read_at(end + 12, 8))
    if directory + size != end:
        raise FormatError(source.name, end + 12, f"no central directory of {size} bytes lies at byte {directory}")
    start = _block_start(source, directory)
    if start is None:
        return ApkLayout(directory, directory, end, {})
    return ApkLayout(start, directory, end, _pairs(source, start, directory))


def content_digest(source: OpenSource, layout: ApkLayout, algorithm: str) -> bytes:
    """Digest of all that is signed: chunks of 1 MiB, then the digest of their digests."""
    digests = [hashlib.new(algorithm, chunk).digest() for chunk in _chunks(source, layout)]
    return hashlib.new(algorithm, b"\x5a" + struct.pack("<I", len(digests)) + b"".join(digests)).digest()


def pack_block(blocks: Mapping[int, bytes]) -> bytes:
    """A whole signing block."""
    pairs = b"".join(struct.pack("<QI", len(data) + 4, id_) + data for id_, data in blocks.items())
    size = len(pairs) + _FOOTER.size
    return struct.pack("<Q", size) + pairs + _FOOTER.pack(size, _MAGIC)


def _find_end(source: OpenSource) -> int:
    """The end of central directory record: the last one whose comment reaches the end of the file."""
    start = max(source.size - _END_BYTES - _LONGEST_COMMENT, 0)
    tail = source.read_at(start, source.size - start)
    at = tail.rfind(_END_MAGIC)
    while at >= 0:
        comment = len(tail) - at - _END_BYTES
        if comment >= 0 and comment == int.from_bytes(tail[at + 20 : at + 22], "little"):
            return start + at
        at = tail.rfind(_END_MAGIC, 0, at)
    raise FormatError(source.name, source.size, "not a zip file: no end of central directory")


def _block_start(source: OpenSource, directory: int) -> int | None:
    if directory < _FOOTER.size + 8:
        return None
    size, magic = _FOOTER.unpack(source.read_at(directory - _FOOTER.size, _FOOTER.size))
    if magic != _MAGIC:
        return None
    start = directory - size - 8
    if size < _FOOTER.size or size > _LARGEST_BLOCK or start < 0:
        raise FormatError(source.name, directory - _FOOTER.size, f"a signing block of {size} bytes does not fit")
    if int.from_bytes(source.read_at(start, 8), "little") != size:
        raise FormatError(source.name, start, "the two sizes of the signing block differ")
    return int(start)


def _pairs(source: OpenSource, start: int, directory: int) -> dict[int, View]:
    view = View(source.name, source.read_at(start, directory - start), start)
    blocks: dict[int, View] = {}
    at, end = 8, len(view.data) - _FOOTER.size
    while at < end:
        size = int.from_bytes(view.take(at, 8), "little")
        if size < 4 or at + 8 + size > end:
            raise view.error(at, f"a pair of {size} bytes does not fit into the signing block")
        blocks.setdefault(view.u32(at + 8), View(source.name, view.take(at + 12, size - 4), start + at + 12))
        at += 8 + size
    return blocks


def _chunks(source: OpenSource, layout: ApkLayout) -> Iterator[bytes]:
    for start, end in ((0, layout.entries_end), (layout.directory, layout.end)):
        for at in range(start, end, _CHUNK):
            yield _prefixed(source.read_at(at, min(_CHUNK, end - at)))
    record = bytearray(source.read_at(layout.end, source.size - layout.end))
    record[16:20] = struct.pack("<I", layout.entries_end)  # as if there were no signing block
    yield _prefixed(bytes(record))


def _prefixed(chunk: bytes) -> bytes:
    return b"\xa5" + struct.pack("<I", len(chunk)) + chunk
