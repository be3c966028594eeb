"""The store of big contents on the host's disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.system.store import BlobStore

if TYPE_CHECKING:
    from pathlib import Path


def test_the_directory_exists_while_the_store_is_open(tmp_path: Path) -> None:
    """The context manager makes a directory and removes it, drafts and blobs included."""
    with BlobStore(tmp_path) as store:
        draft = store.draft()
        draft.write(0, b"left behind")
        directory = store.directory
        assert directory.parent == tmp_path
    assert not directory.exists()
    with pytest.raises(ValueError, match="not open"):
        store.draft()


def test_a_digest_is_that_of_the_final_bytes(tmp_path: Path) -> None:
    """Writes out of order, over each other or cut off end in the digest of what is there."""
    with BlobStore(tmp_path) as store:
        straight, patched, cut = store.draft(), store.draft(), store.draft()
        straight.write(0, b"abcdef")
        patched.write(0, b"abcxxx")
        patched.write(3, b"def")
        cut.write(0, b"abcdefgh")
        cut.truncate(6)
        blobs = [store.keep(draft) for draft in (straight, patched, cut)]
        assert len({blob.digest for blob in blobs}) == 1
        assert [path.read_bytes() for path in store.directory.iterdir()] == [b"abcdef"]


def test_the_last_holder_deletes(tmp_path: Path) -> None:
    """Shared twice, a blob goes with the second release."""
    with BlobStore(tmp_path) as store:
        blob = store.keep(store.draft())
        store.share(blob)
        store.release(blob)
        assert blob.path.exists()
        store.release(blob)
        assert not blob.path.exists()
