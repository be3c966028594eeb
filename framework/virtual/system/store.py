"""Big files of all handsets on the host's disk, each content once, named by its SHA-256."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class Blob:
    """One stored content: `size` bytes at `path`, `digest` its SHA-256 in hex."""

    digest: str
    size: int
    path: Path


class Draft:
    """A content being written, in a temporary file; hashed on the way as long as it only grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._file = path.open("w+b", buffering=0)
        self._hash = hashlib.sha256()
        self._hashed = 0

    def read(self, offset: int, n: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(n)

    def write(self, offset: int, data: bytes) -> None:
        if offset == self._hashed == self.size:
            self._hash.update(data)
            self._hashed += len(data)
        elif offset < self._hashed:
            self._forget_hash()
        self._file.seek(offset)
        remaining = memoryview(data)
        while remaining:
            remaining = remaining[self._file.write(remaining) :]
        self.size = max(self.size, offset + len(data))

    def truncate(self, size: int) -> None:
        self._file.truncate(size)
        if size < self._hashed:
            self._forget_hash()
        self.size = size

    def finish(self) -> str:
        """Close the file and return its SHA-256 in hex."""
        if self._hashed != self.size:
            self._file.seek(0)
            self._hash = hashlib.file_digest(self._file, "sha256")
        self._file.close()
        return self._hash.hexdigest()

    def discard(self) -> None:
        self._file.close()
        self.path.unlink()

    def _forget_hash(self) -> None:
        self._hash, self._hashed = hashlib.sha256(), 0


class BlobStore:
    """Counts who holds which content; a content that nobody holds is deleted. Use as a context manager.

    It makes a directory of its own under `parent` (default: the host's temporary directory) and removes it at
    the end. Handsets of one process share one store, and all run in that process's event loop.
    """

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent
        self._directory: Path | None = None
        self._holders: dict[str, int] = {}
        self._drafts = 0

    def __enter__(self) -> BlobStore:
        self._directory = Path(tempfile.mkdtemp(prefix="pocketfarm-blobs-", dir=self._parent))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.directory)
        self._directory = None

    @property
    def directory(self) -> Path:
        if self._directory is None:
            raise ValueError("the blob store is not open")
        return self._directory

    def draft(self) -> Draft:
        """A new, empty content to write; give it back with `keep`, or call its `discard`."""
        self._drafts += 1
        return Draft(self.directory / f"draft-{self._drafts}")

    def keep(self, draft: Draft) -> Blob:
        """Turn a finished draft into a stored content that the caller holds."""
        digest = draft.finish()
        path = self.directory / digest
        if digest in self._holders:
            draft.path.unlink()
        else:
            draft.path.rename(path)
        self._holders[digest] = self._holders.get(digest, 0) + 1
        return Blob(digest, draft.size, path)

    def edit(self, blob: Blob) -> Draft:
        """A draft that begins as a copy of `blob`, which the caller gives up."""
        draft = self.draft()
        with blob.path.open("rb") as source:
            while chunk := source.read(1 << 20):
                draft.write(draft.size, chunk)
        self.release(blob)
        return draft

    def share(self, blob: Blob) -> Blob:
        """Hold `blob` once more."""
        self._holders[blob.digest] += 1
        return blob

    def release(self, blob: Blob) -> None:
        """Hold `blob` once less; the last one to let go deletes it."""
        self._holders[blob.digest] -= 1
        if not self._holders[blob.digest]:
            del self._holders[blob.digest]
            blob.path.unlink()
