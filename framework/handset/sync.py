"""The `sync:` service, which carries files (AOSP SYNC.TXT and file_sync_protocol.h); version 2 where it is offered."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from types import TracebackType

from framework.contract.capabilities import FileStat
from framework.contract.errors import HandsetError
from framework.handset.connection import Connection, Stream

MAX_PATH = 1024
MAX_DATA = 64 * 1024
"""adbd refuses a longer piece."""
CHUNK = 15 * MAX_DATA
"""What is sent at once: as many whole pieces, with their headers, as one packet of 1 MiB holds."""

_OPEN_S = 30.0
_STALL_S = 30.0
"""The handset must take or give something within this time (its flash may pause for seconds)."""

_MESSAGE = struct.Struct("<4sI")
_STAT_V1 = struct.Struct("<3I")
_STAT_V2 = struct.Struct("<I2Q4IQ3q")
_NO_SUCH_FILE = (errno.ENOENT, errno.ENOTDIR)


class SyncSession(AbstractContextManager["SyncSession"]):
    """One session. It is over when a call raised."""

    def __init__(self, handset: str, connection: Connection) -> None:
        self._handset, self._features = handset, connection.features
        self._stream = connection.open("sync:", _OPEN_S)
        self._input = ExactInput(handset, self._stream)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def stat(self, path: str) -> FileStat | None:
        """What is at `path`, links followed where the handset can (stat_v2); None where nothing is."""
        if "stat_v2" not in self._features:
            self._request(b"STAT", path)
            return self._stat_v1(path)
        self._request(b"STA2", path)
        self._expect(b"STA2", path, self._input.exactly(4))
        return self._stat_v2(path)

    def entries(self, path: str) -> Iterator[tuple[str, FileStat]]:
        """The files of a directory, without `.` and `..`; nothing for what is no directory."""
        v2 = "ls_v2" in self._features
        request, answer = (b"LIS2", b"DNT2") if v2 else (b"LIST", b"DENT")
        record = _STAT_V2 if v2 else _STAT_V1
        self._request(request, path)
        while (kind := self._input.exactly(4)) != b"DONE":
            self._expect(answer, path, kind)
            fields = record.unpack(self._input.exactly(record.size))
            name = os.fsdecode(self._input.exactly(int.from_bytes(self._input.exactly(4), "little")))
            stat = _from_v2(fields) if v2 else FileStat(*fields)
            if _is_plain(name) and stat is not None:
                yield name, stat
        self._input.exactly(record.size + 4)

    def receive(self, path: str) -> Iterator[bytes]:
        """The content of a file, piece by piece."""
        self._request(b"RECV", path)
        while True:
            kind, size = _MESSAGE.unpack(self._input.exactly(_MESSAGE.size))
            if kind == b"DONE":
                return
            if kind != b"DATA":
                raise self._refusal(path, kind, size)
            yield self._input.exactly(size)

    def send(self, path: str, mode: int, mtime: int, chunks: Iterable[memoryview]) -> None:
        """Write a file; each chunk is at most `CHUNK` bytes long. Stops early when the handset refuses."""
        self._request(b"SEND", f"{path},{mode}")
        for chunk in chunks:
            self._stream.write(_data_messages(chunk), _STALL_S)
            if self._stream.readable():
                break
        else:
            self._stream.write(_MESSAGE.pack(b"DONE", mtime & 0xFFFFFFFF), _STALL_S)
        kind, size = _MESSAGE.unpack(self._input.exactly(_MESSAGE.size))
        if kind != b"OKAY":
            raise self._refusal(path, kind, size)

    def _request(self, kind: bytes, path: str) -> None:
        encoded = os.fsencode(path)
        if len(encoded) > MAX_PATH:
            raise HandsetError(self._handset, f"{path[:60]}…: a path may have {MAX_PATH} bytes at most")
        self._stream.write(_MESSAGE.pack(kind, len(encoded)) + encoded, _STALL_S)

    def _stat_v1(self, path: str) -> FileStat | None:
        self._expect(b"STAT", path, self._input.exactly(4))
        mode, size, mtime = _STAT_V1.unpack(self._input.exactly(_STAT_V1.size))
        return FileStat(mode, size, mtime) if mode else None

    def _stat_v2(self, path: str) -> FileStat | None:
        fields = _STAT_V2.unpack(self._input.exactly(_STAT_V2.size))
        if fields[0] and fields[0] not in _NO_SUCH_FILE:
            raise HandsetError(self._handset, f"{path}: {os.strerror(fields[0])}")
        return _from_v2(fields)

    def _expect(self, wanted: bytes, path: str, found: bytes) -> None:
        if found == b"FAIL":
            raise self._refusal(path, found, int.from_bytes(self._input.exactly(4), "little"))
        if found != wanted:
            raise HandsetError(self._handset, f"{path}: its file service answered {found!r} instead of {wanted!r}")

    def _refusal(self, path: str, kind: bytes, size: int) -> HandsetError:
        if kind != b"FAIL":
            return HandsetError(self._handset, f"{path}: its file service answered {kind!r}")
        return HandsetError(self._handset, f"{path}: {self._input.exactly(size).decode('utf-8', 'replace')}")


class ExactInput:
    """Reads a stream in pieces of given sizes."""

    def __init__(self, handset: str, stream: Stream) -> None:
        self._handset, self._stream = handset, stream
        self._data = memoryview(b"")

    def exactly(self, size: int) -> bytes:
        if len(self._data) >= size:
            piece, self._data = self._data[:size], self._data[size:]
            return bytes(piece)
        pieces = [self._data]
        missing = size - len(self._data)
        while missing > 0:
            data = memoryview(self._stream.read(_STALL_S))
            if not data:
                raise HandsetError(self._handset, "its file service broke off")
            pieces.append(data[:missing])
            self._data = data[missing:]
            missing -= len(pieces[-1])
        return b"".join(pieces)


def chunks_of(read_into: Callable[[memoryview], int | None]) -> Iterator[memoryview]:
    """A file's content for `send`; each chunk is gone when the next is asked for."""
    buffer = memoryview(bytearray(CHUNK))
    while size := read_into(buffer):
        yield buffer[:size]


def _data_messages(chunk: memoryview) -> bytes:
    pieces: list[bytes | memoryview] = []
    for start in range(0, len(chunk), MAX_DATA):
        piece = chunk[start : start + MAX_DATA]
        pieces += (_MESSAGE.pack(b"DATA", len(piece)), piece)
    return b"".join(pieces)


def _from_v2(fields: tuple[int, ...]) -> FileStat | None:
    error, _, _, mode, _, _, _, size, _, mtime, _ = fields
    return None if error else FileStat(mode, size, mtime)


def _is_plain(name: str) -> bool:
    """A handset's word is no path of ours: nothing that could lead out of a folder."""
    return name not in ("", ".", "..") and "/" not in name and "\0" not in name
