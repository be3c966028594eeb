"""The wire in front of the handset's own file system: rights, the store of big files, what is left of half a push."""

from __future__ import annotations

import os
import stat
import struct
import time
from typing import TYPE_CHECKING

import pytest

from framework.virtual.adb.events import Close
from framework.virtual.system.files import FileSystem
from framework.virtual.system.layout import lay_out
from framework.virtual.system.store import BlobStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Adbd, Host

TMP = "/data/local/tmp"


@pytest.fixture
def files(adbd: Adbd, tmp_path: Path) -> Iterator[FileSystem]:
    """`adbd` serves this file system from now on."""
    with BlobStore(tmp_path) as store:
        files = FileSystem(store, time.time_ns)
        lay_out(files, (), ())
        adbd.device.files = files
        yield files


@pytest.fixture
def stored(files: FileSystem, tmp_path: Path) -> Path:
    """Where the store keeps its files."""
    return next(tmp_path.glob("pocketfarm-blobs-*"))


def upload(path: str, content: bytes, *, mode: int = 0o100644, complete: bool = True) -> list[bytes]:
    """The packets' payloads of one SEND."""
    spec = f"{path},{mode}".encode()
    data = b"SEND" + struct.pack("<I", len(spec)) + spec
    for start in range(0, len(content), 65536):
        chunk = content[start : start + 65536]
        data += b"DATA" + struct.pack("<I", len(chunk)) + chunk
    data += (b"DONE" + struct.pack("<I", 1_700_000_000)) if complete else b""
    return [data[start : start + (1 << 18)] for start in range(0, len(data), 1 << 18)]


def answer(host: Host, payloads: list[bytes]) -> bytes:
    stream = host.open(b"sync:")
    for payload in payloads:
        host.write(stream, payload)
    return host.read(stream)


def test_a_big_file_goes_into_the_store_and_belongs_to_shell(host: Host, files: FileSystem, stored: Path) -> None:
    """Three megabytes: one content on the host's disk, with mode, owner and time on the handset."""
    content = os.urandom(3_000_000)
    assert answer(host, upload(f"{TMP}/models/w.gguf", content)) == b"OKAY\0\0\0\0"
    assert files.read(f"{TMP}/models/w.gguf") == content
    found = files.stat(f"{TMP}/models/w.gguf")
    assert (found.mode, found.uid, found.mtime) == (0o100666, 2000, 1_700_000_000)
    assert files.stat(f"{TMP}/models").mode == stat.S_IFDIR | 0o775
    assert [blob.stat().st_size for blob in stored.iterdir()] == [3_000_000]


@pytest.mark.parametrize("how", ["close", "vanish"])
def test_half_a_big_file_leaves_no_byte(adbd: Adbd, host: Host, files: FileSystem, stored: Path, how: str) -> None:
    """Neither on the handset nor on the host's disk, and its space is free again."""
    before = files.free_bytes()
    stream = host.open(b"sync:")
    for payload in upload(f"{TMP}/half", bytes(2_000_000), complete=False):
        host.write(stream, payload)
    adbd.until(lambda: any(stored.iterdir()))
    if how == "close":
        host.say(Close(stream))
    else:
        host.close()
    adbd.until(lambda: not any(stored.iterdir()))
    assert not files.exists(f"{TMP}/half")
    assert files.free_bytes() == before


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/system/x", b"couldn't create file: Read-only file system"),
        ("/data/data/x", b"couldn't create file: Permission denied"),
        (TMP, b"couldn't create file: Is a directory"),
    ],
)
def test_a_push_to_where_shell_may_not_write_fails_as_on_a_phone(
    host: Host, files: FileSystem, path: str, reason: bytes
) -> None:
    """The words that adb prints after `remote`."""
    assert answer(host, upload(path, b"x")) == b"FAIL" + struct.pack("<I", len(reason)) + reason


def test_the_time_of_a_link_is_its_own(host: Host, files: FileSystem) -> None:
    """What it leads to keeps its time."""
    files.write(f"{TMP}/target", b"x", uid=2000)
    before = files.stat(f"{TMP}/target").mtime
    assert answer(host, upload(f"{TMP}/link", b"target\0", mode=stat.S_IFLNK | 0o777)) == b"OKAY\0\0\0\0"
    assert files.readlink(f"{TMP}/link") == "target"
    assert files.stat(f"{TMP}/link", follow=False).mtime == 1_700_000_000
    assert files.stat(f"{TMP}/target").mtime == before
