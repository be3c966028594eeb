"""The zip file that an APK is: read with every fault as a FormatError, and written so that it never varies."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from framework.formats.errors import FormatError
from framework.formats.source import OpenSource

_LARGEST_ENTRY: Final = 1 << 30
_FIXED_TIME: Final = (1981, 1, 1, 1, 1, 2)
_LOCAL_HEADER_BYTES: Final = 30
_ALIGNMENT_FIELD: Final = 0xD935
"""Id of the extra field that the Android build tools align entries with."""
_ALIGNMENT: Final = 4
_ZIP_FAULTS: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, UnicodeDecodeError)


class Archive:
    """The entries of a zip file."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._archive = archive
        self._entries = {info.filename: info for info in archive.infolist()}
        self.name = name
        if len(self._entries) != len(archive.infolist()):
            raise FormatError(name, 0, "an entry comes twice")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all entries, folders (ending in `/`) among them, as listed in the file."""
        return tuple(self._entries)

    def read(self, entry: str, limit: int = _LARGEST_ENTRY) -> bytes:
        """The content of an entry of at most `limit` bytes, its checksum checked."""
        info = self._entries.get(entry)
        if info is None:
            raise FormatError(self.name, 0, f"{entry} is missing")
        if info.file_size > limit:
            raise FormatError(self.name, info.header_offset, f"{entry} has {info.file_size} bytes, at most {limit}")
        try:
            return self._archive.read(info)
        except _ZIP_FAULTS as error:
            raise FormatError(self.name, info.header_offset, f"{entry}: {error}") from error


@contextmanager
def open_archive(source: OpenSource) -> Iterator[Archive]:
    """Open the zip in `source`; FormatError where it is none."""
    source.file.seek(0)
    try:
        archive = zipfile.ZipFile(source.file)
    except (*_ZIP_FAULTS, struct.error, ValueError) as error:
        raise FormatError(source.name, 0, f"not a zip file: {error}") from error
    with archive:
        yield Archive(archive, source.name)


def write_archive(entries: Mapping[str, bytes]) -> bytes:
    """A zip of these entries: not compressed (compressors vary), aligned to 4 bytes, with a fixed time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _FIXED_TIME)
            info.create_system = 0
            info.extra = _alignment(file.tell() + _LOCAL_HEADER_BYTES + len(name.encode()))
            archive.writestr(info, data)
    return file.getvalue()


def _alignment(start: int) -> bytes:
    """The extra field that moves the data of an entry, whose extra field is at `start`, to a multiple of 4."""
    least = 6
    padding = -(start + least) % _ALIGNMENT
    return struct.pack("<HHH", _ALIGNMENT_FIELD, 2 + padding, _ALIGNMENT) + bytes(padding)
