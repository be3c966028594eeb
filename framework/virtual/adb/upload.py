"""A file or symbolic link that a client sends through `sync:` (adbd's file_sync_service.cpp, send_impl)."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from posixpath import dirname

from framework.virtual.adb import sync_wire as wire
from framework.virtual.adb.compression import CompressionError, Decoder
from framework.virtual.adb.device_port import Files
from framework.virtual.adb.stream import ExactReader

DIRECTORY_MODE = 0o775


class SyncFailure(Exception):
    """What the client is told with FAIL; the session ends with it."""


class UploadFailure(SyncFailure):
    """The same while the client goes on sending: what it sends has to be dropped, or it misses the message."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a client announces: `mode` with the file type; a dry run stores nothing."""

    path: str
    mode: int
    dry_run: bool


@contextmanager
def failing(what: str, kind: type[SyncFailure] = SyncFailure) -> Iterator[None]:
    """Turn an OSError into adbd's message: what failed, and why."""
    try:
        yield
    except OSError as error:
        raise kind(f"{what}: {os.strerror(error.errno or errno.EIO)}") from error


async def take_upload(upload: Upload, reader: ExactReader, files: Files, decoder: Decoder | None = None) -> None:
    """Read the upload's content and store it; nothing half-written stays behind, whatever ends it."""
    content = _Content(reader, decoder)
    is_link = stat.S_ISLNK(upload.mode)
    if upload.dry_run:
        await (_read_link(content.reader) if is_link else content.copy(_drop))
        return
    replaced = _make_way(upload, files)
    complete = False
    try:
        mtime = await (_store_link if is_link else _store_file)(upload, content, files)
        complete = True
    finally:
        if replaced and not complete:
            with suppress(OSError):
                files.remove(upload.path)
    with suppress(OSError):  # adbd does not look either: not every file system can
        files.utime(upload.path, mtime, follow=False)


async def drop_upload(reader: ExactReader) -> None:
    """Read and drop what the client still sends of a failed upload."""
    with suppress(SyncFailure):
        await _Content(reader, None).copy(_drop)


def _drop(data: bytes) -> int:
    return len(data)


def _make_way(upload: Upload, files: Files) -> bool:
    """Remove what the upload replaces: a file, or a link that is in a file's way. False for other things."""
    try:
        kind = stat.S_IFMT(files.stat(upload.path, follow=False).mode)
    except OSError:
        return True
    replaced = kind == stat.S_IFREG or (kind == stat.S_IFLNK and not stat.S_ISLNK(upload.mode))
    if replaced:
        with suppress(OSError):
            files.remove(upload.path)
    return replaced


async def _store_file(upload: Upload, content: _Content, files: Files) -> int:
    with failing("couldn't create file", UploadFailure):
        try:
            handle = files.open(upload.path, "w")
        except FileNotFoundError:
            with failing("secure_mkdirs() failed", UploadFailure):
                _make_directories(dirname(upload.path), files)
            handle = files.open(upload.path, "w")
    with handle as file:
        with suppress(OSError):  # as with the time
            files.chmod(upload.path, _widened(upload.mode))
        return await content.copy(file.write)


async def _store_link(upload: Upload, content: _Content, files: Files) -> int:
    target, mtime = await _read_link(content.reader)
    with suppress(OSError):
        files.remove(upload.path)
    with failing("symlink failed"):
        try:
            files.symlink(target, upload.path)
        except FileNotFoundError:
            with failing("secure_mkdirs failed"):
                _make_directories(dirname(upload.path), files)
            files.symlink(target, upload.path)
    return mtime


class _Content:
    """The DATA messages up to DONE, and what they hold when they are decompressed."""

    def __init__(self, reader: ExactReader, decoder: Decoder | None) -> None:
        self.reader, self._decoder = reader, decoder

    async def copy(self, write: Callable[[bytes], int]) -> int:
        """Write the content; returns the time that DONE carries."""
        while (data := await self._data()) is not None:
            for piece in self._decompressed(data):
                with failing("write failed", UploadFailure):
                    write(piece)
                if self._decoder is not None:
                    await asyncio.sleep(0)  # a little data may be a lot of content
        if self._decoder is not None and not self._decoder.finished:
            raise SyncFailure("decompress failed: Invalid argument")
        return self.mtime

    async def _data(self) -> bytes | None:
        kind, size = await _header(self.reader)
        if kind == wire.DONE:
            self.mtime: int = size
            return None
        if kind != wire.DATA:
            raise UploadFailure("invalid data message")
        if size > wire.MAX_DATA:
            raise UploadFailure("oversize data message")
        return await self.reader.exactly(size)

    def _decompressed(self, data: bytes) -> Iterator[bytes]:
        if self._decoder is None:
            yield data
            return
        try:
            yield from self._decoder.feed(data)
        except CompressionError as error:
            raise UploadFailure("decompress failed: Invalid argument") from error


async def _read_link(reader: ExactReader) -> tuple[str, int]:
    """Target and time of a symbolic link, which is never compressed."""
    kind, size = await _header(reader)
    if kind != wire.DATA:
        raise SyncFailure("invalid data message: expected ID_DATA")
    if size > wire.MAX_DATA:
        raise SyncFailure("oversize data message")
    target = (await reader.exactly(size)).split(b"\0")[0]
    kind, mtime = await _header(reader)
    if kind != wire.DONE:
        raise SyncFailure("invalid data message: expected ID_DONE")
    return os.fsdecode(target), mtime


async def _header(reader: ExactReader) -> tuple[bytes, int]:
    kind, number = wire.HEADER.unpack(await reader.exactly(wire.HEADER.size))
    return kind, number


def _make_directories(path: str, files: Files) -> None:
    parts = [part for part in path.split("/") if part]
    for depth in range(1, len(parts) + 1):
        with suppress(FileExistsError):
            files.mkdir("/" + "/".join(parts[:depth]), DIRECTORY_MODE)


def _widened(mode: int) -> int:
    """Group and others get the owner's permissions too, as adbd gives them."""
    mode &= 0o777
    mode |= (mode >> 3) & 0o070
    return mode | (mode >> 3) & 0o007
