"""The zip file that an APK is."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile

import pytest

from framework.formats.archive import open_archive, write_archive
from framework.formats.errors import FormatError
from framework.formats.source import OpenSource


def source(data: bytes) -> OpenSource:
    return OpenSource(io.BytesIO(data), "x.apk", len(data))


def deflated(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def test_entries_are_stored_aligned_and_without_a_date() -> None:
    """Every entry's data begins at a multiple of 4, uncompressed, so that nothing varies between machines."""
    data = write_archive({"a": b"1", "assets/long name.txt": b"22", "ü": b"333"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            name_length, extra_length = struct.unpack_from("<HH", data, info.header_offset + 26)
            assert (info.header_offset + 30 + name_length + extra_length) % 4 == 0
            assert (info.compress_type, info.date_time[0]) == (zipfile.ZIP_STORED, 1981)
    with open_archive(source(data)) as ours:
        assert {name: ours.read(name) for name in ours.names} == {"a": b"1", "assets/long name.txt": b"22", "ü": b"333"}


def test_a_missing_or_too_large_entry_is_a_format_error() -> None:
    """A zip bomb is refused before it is unpacked."""
    with open_archive(source(deflated(("big", bytes(1 << 20))))) as archive:
        with pytest.raises(FormatError, match="big has 1048576 bytes, at most 1000"):
            archive.read("big", 1000)
        with pytest.raises(FormatError, match=r"other is missing"):
            archive.read("other")


def test_two_entries_of_one_name_are_refused() -> None:
    """Readers would differ in which one they take."""
    with pytest.raises(FormatError, match="twice"), open_archive(source(deflated(("a", b"1"), ("a", b"2")))):
        pass


def test_damaged_content_is_a_format_error() -> None:
    """A wrong checksum and a broken stream are told with the entry's name and place."""
    data = bytearray(deflated(("first", b"1" * 99), ("second", b"2" * 99)))
    at = data.find(b"second") + len(b"second")
    data[at : at + 4] = b"\xff\xff\xff\xff"
    with open_archive(source(bytes(data))) as archive:
        assert archive.read("first") == b"1" * 99
        with pytest.raises(FormatError, match="second") as caught:
            archive.read("second")
    assert caught.value.offset == data.find(b"PK\x03\x04", 1)


def test_what_is_no_zip_is_a_format_error() -> None:
    """Neither text nor nothing is a zip."""
    for data in (b"", b"no zip at all"):
        with pytest.raises(FormatError, match="not a zip file"), open_archive(source(data)):
            pass
