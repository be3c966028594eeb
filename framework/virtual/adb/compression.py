"""The compressions of `sync:` v2, as streams (AOSP packages/modules/adb/compression_utils.h): brotli, lz4, zstd.

The libraries are imported when a client compresses; where one is not installed, its compression is neither announced
nor served. Pieces are bounded in both directions: a few bytes may stand for
very many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

PIECE = 64 * 1024
"""About the most bytes that are handed out in one go."""


class CompressionError(Exception):
    """What came is not of this compression, or goes on behind its end."""


class Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """The decompressed pieces of `data`. CompressionError."""

    @property
    def finished(self) -> bool:
        """Whether the compressed stream is complete."""


class Encoder(Protocol):
    def feed(self, data: bytes) -> bytes: ...

    def end(self) -> bytes: ...


class _BrotliDecoder:
    def __init__(self) -> None:
        brotli: Any = import_module("brotli")
        self._error, self._decoder = brotli.error, brotli.Decompressor()

    @property
    def finished(self) -> bool:
        return bool(self._decoder.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and self.finished:
            raise CompressionError("data behind the end")
        try:
            piece = self._decoder.process(data, output_buffer_limit=PIECE)
            while piece or not (self.finished or self._decoder.can_accept_more_data()):
                yield piece
                piece = self._decoder.process(b"", output_buffer_limit=PIECE)
        except self._error as error:
            raise CompressionError(str(error)) from error


class _FrameDecoder:
    """On a decoder with the interface of the standard library's."""

    def __init__(self, decoder: Any, errors: tuple[type[Exception], ...]) -> None:
        self._decoder, self._errors = decoder, errors

    @property
    def finished(self) -> bool:
        return bool(self._decoder.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data and self.finished:
            raise CompressionError("data behind the end")
        try:
            piece = self._decoder.decompress(data, max_length=PIECE)
            while piece or not (self.finished or self._decoder.needs_input):
                yield piece
                if self.finished:
                    break
                piece = self._decoder.decompress(b"", max_length=PIECE)
        except self._errors as error:
            raise CompressionError(str(error)) from error
        if self.finished and self._decoder.unused_data:
            raise CompressionError("data behind the end")


class _Lz4Encoder:
    def __init__(self) -> None:
        frame: Any = import_module("lz4.frame")
        self._encoder = frame.LZ4FrameCompressor()
        self._head: bytes = self._encoder.begin()

    def feed(self, data: bytes) -> bytes:
        head, self._head = self._head, b""
        compressed: bytes = self._encoder.compress(data)
        return head + compressed

    def end(self) -> bytes:
        head, self._head = self._head, b""
        rest: bytes = self._encoder.flush()
        return head + rest


class _Encoder:
    def __init__(self, feed: Callable[[bytes], bytes], end: Callable[[], bytes]) -> None:
        self.feed, self.end = feed, end


def _lz4_decoder() -> Decoder:
    frame: Any = import_module("lz4.frame")
    return _FrameDecoder(frame.LZ4FrameDecompressor(), (RuntimeError,))


def _zstd_decoder() -> Decoder:
    zstd: Any = import_module("backports.zstd")
    return _FrameDecoder(zstd.ZstdDecompressor(), (zstd.ZstdError,))


def _brotli_encoder() -> Encoder:
    encoder = import_module("brotli").Compressor(quality=1)
    return _Encoder(encoder.process, encoder.finish)


def _zstd_encoder() -> Encoder:
    encoder = import_module("backports.zstd").ZstdCompressor(level=1)
    return _Encoder(encoder.compress, encoder.flush)


_KNOWN: tuple[tuple[int, str, Callable[[], Decoder], Callable[[], Encoder]], ...] = (
    (1, "brotli", _BrotliDecoder, _brotli_encoder),
    (2, "lz4", _lz4_decoder, _Lz4Encoder),
    (4, "zstd", _zstd_decoder, _zstd_encoder),
)
_LIBRARIES = {"brotli": ("brotli",), "lz4": ("lz4",), "zstd": ("backports", "backports.zstd")}

COMPRESSIONS = tuple(row for row in _KNOWN if all(find_spec(module) for module in _LIBRARIES[row[1]]))
"""Flag of SND2 and RCV2 (file_sync_protocol.h), name, and what reads and writes it."""

FLAGS = sum(flag for flag, *_ in COMPRESSIONS)
