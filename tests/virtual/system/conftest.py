"""A laid-out file system of one handset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from framework.virtual.system.files import FileSystem
from framework.virtual.system.layout import lay_out
from framework.virtual.system.store import BlobStore

if TYPE_CHECKING:
    from pathlib import Path

WALL_NS = 1_700_000_000_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BlobStore]:
    with BlobStore(tmp_path) as store:
        yield store


@pytest.fixture
def files(store: BlobStore) -> FileSystem:
    """As root sees it."""
    files = FileSystem(store, lambda: WALL_NS, total_bytes=64 << 20)
    lay_out(files, ("ls", "cat"), ("am",))
    return files


@pytest.fixture
def shell_files(files: FileSystem) -> FileSystem:
    """As a shell over adb sees it."""
    return files.as_user(2000, pid=4321)
