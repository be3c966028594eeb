"""Files to and from the handset, over both transports."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from framework.contract.capabilities import FileStat
from framework.contract.errors import HandsetError, UsageError
from framework.handset.connection import Connection
from framework.handset.files import HandsetFiles
from framework.handset.shell import HandsetShell

TMP = "/data/local/tmp"
BIG = os.urandom(1 << 20) * 3 + b"end"


@pytest.fixture
def files(connection: Connection, shell: HandsetShell) -> HandsetFiles:
    return HandsetFiles("phone", connection, shell)


def test_a_file_there_and_back(files: HandsetFiles, tmp_path: Path) -> None:
    """What was pushed is what is pulled, read and hashed, with its mode and time."""
    source, back = tmp_path / "source", tmp_path / "back"
    source.write_bytes(BIG)
    os.utime(source, (1_700_000_000, 1_700_000_000))
    files.push(source, f"{TMP}/deep/er/file", mode=0o640)
    files.pull(f"{TMP}/deep/er/file", back)
    assert back.read_bytes() == BIG
    assert files.read(f"{TMP}/deep/er/file") == BIG
    assert files.sha256(f"{TMP}/deep/er/file") == hashlib.sha256(BIG).hexdigest()
    found = files.stat(f"{TMP}/deep/er/file")
    assert found is not None
    assert (stat.S_ISREG(found.mode), found.size, found.mtime) == (True, len(BIG), 1_700_000_000)


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 15 * 64 * 1024, 15 * 64 * 1024 + 1])
def test_sizes_at_the_seams(files: HandsetFiles, size: int) -> None:
    """Nothing is lost where pieces and packets end."""
    files.push(bytes(size), f"{TMP}/file")
    assert files.read(f"{TMP}/file") == bytes(size)


def test_progress_is_told(files: HandsetFiles, tmp_path: Path) -> None:
    """Both ways, growing, until all bytes are done."""
    pushed: list[tuple[int, int]] = []
    pulled: list[tuple[int, int]] = []
    files.push(BIG, f"{TMP}/file", progress=lambda done, total: pushed.append((done, total)))
    files.pull(f"{TMP}/file", tmp_path / "back", progress=lambda done, total: pulled.append((done, total)))
    for told in (pushed, pulled):
        assert told == sorted(told)
        assert told[-1] == (len(BIG), len(BIG))


def test_what_is_not_there(files: HandsetFiles, tmp_path: Path) -> None:
    """Missing files: None from questions, an error that names them from the rest, and nothing half-done here."""
    assert files.stat(f"{TMP}/none") is None
    assert files.sha256(f"{TMP}/none") is None
    assert files.entries(f"{TMP}/none") == {}
    with pytest.raises(HandsetError, match=r"/data/local/tmp/none: .*No such file"):
        files.pull(f"{TMP}/none", tmp_path / "back")
    assert list(tmp_path.glob("*back*")) == []
    with pytest.raises(HandsetError, match=r"/data/local/tmp/none: .*No such file"):
        files.read(f"{TMP}/none")


def test_a_read_has_a_limit(files: HandsetFiles) -> None:
    """A file that is larger than expected is not taken into memory."""
    files.push(bytes(2000), f"{TMP}/file")
    with pytest.raises(HandsetError, match="more than 1000 bytes"):
        files.read(f"{TMP}/file", limit=1000)


def test_a_refused_push_says_why(files: HandsetFiles) -> None:
    """The handset's reason comes back, and it is noticed before everything was sent."""
    files.push(b"", f"{TMP}/file")
    done: list[int] = []
    with pytest.raises(HandsetError, match=r"/data/local/tmp/file/below: .*(Not a directory|File exists)"):
        files.push(bytes(50 << 20), f"{TMP}/file/below", progress=lambda sent, total: done.append(sent))
    assert max(done, default=0) < 50 << 20


def test_folders(files: HandsetFiles) -> None:
    """Making, listing, renaming and removing."""
    files.mkdir(f"{TMP}/a b/c")
    files.push(b"xyz", f"{TMP}/a b/file")
    found = files.entries(f"{TMP}/a b")
    assert {name: stat.S_IFMT(entry.mode) for name, entry in found.items()} == {
        "c": stat.S_IFDIR,
        "file": stat.S_IFREG,
    }
    assert found["file"].size == 3
    files.rename(f"{TMP}/a b/file", f"{TMP}/a b/new")
    files.remove(f"{TMP}/a b/new")
    files.remove(f"{TMP}/a b/new")
    files.remove(f"{TMP}/a b/c")
    assert files.entries(f"{TMP}/a b") == {}


def test_a_folder_with_content_is_not_removed(files: HandsetFiles) -> None:
    """Removing never takes more than what was named."""
    files.push(b"", f"{TMP}/folder/file")
    with pytest.raises(HandsetError, match="not empty"):
        files.remove(f"{TMP}/folder")


@pytest.mark.parametrize("path", ["relative", "", "/nul\0"])
def test_paths_are_absolute(files: HandsetFiles, path: str) -> None:
    """A path that is none is the caller's mistake."""
    with pytest.raises(UsageError, match="is no absolute path"):
        files.stat(path)


def test_a_path_that_is_too_long(files: HandsetFiles) -> None:
    """adbd's limit is told, not run into."""
    with pytest.raises(HandsetError, match="1024 bytes at most"):
        files.stat("/" + "x" * 1024)


class TestWithVersion1:
    """Handsets whose adbd knows the first version of the service only."""

    @pytest.fixture
    def old_files(self, phone: Any, request: pytest.FixtureRequest) -> HandsetFiles:
        phone.features = "shell_v2"
        straight = request.getfixturevalue("straight")
        return HandsetFiles("phone", straight, HandsetShell("phone", straight))

    def test_files_and_folders(self, old_files: HandsetFiles) -> None:
        """Everything works, with sizes of 32 bits."""
        old_files.push(b"xyz", f"{TMP}/folder/file", mode=0o600)
        assert old_files.read(f"{TMP}/folder/file") == b"xyz"
        assert old_files.stat(f"{TMP}/none") is None
        found = old_files.stat(f"{TMP}/folder/file")
        assert isinstance(found, FileStat)
        assert found.size == 3
        assert old_files.entries(f"{TMP}/folder") == {"file": found}
