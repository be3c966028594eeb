"""Files of the handset."""

from __future__ import annotations

import os
import shlex
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

from framework.contract.capabilities import FileStat, Progress, Shell
from framework.contract.errors import HandsetError, UsageError
from framework.dumps import df
from framework.dumps.errors import DumpError
from framework.handset.connection import Connection
from framework.handset.sync import SyncSession, chunks_of

Piece = TypeVar("Piece", bytes, memoryview)

_HASH_S = 600.0
"""Old flash gives 100 MB/s, and the greatest weights have some ten GB."""


class HandsetFiles:
    """`contract.capabilities.Files` over the sync service; what that cannot do goes through the shell."""

    def __init__(self, handset: str, connection: Connection, shell: Shell) -> None:
        self._handset, self._connection, self._shell = handset, connection, shell

    def stat(self, path: str) -> FileStat | None:
        with self._session() as session:
            return session.stat(_checked(path))

    def entries(self, path: str) -> Mapping[str, FileStat]:
        with self._session() as session:
            return dict(session.entries(_checked(path)))

    def push(self, source: Path | bytes, path: str, *, mode: int = 0o644, progress: Progress | None = None) -> None:
        if isinstance(source, bytes):
            self._send(BytesIO(source), len(source), int(time.time()), path, mode, progress)
            return
        with source.open("rb") as file:
            found = os.fstat(file.fileno())
            self._send(file, found.st_size, int(found.st_mtime), path, mode, progress)

    def pull(self, path: str, target: Path, *, progress: Progress | None = None) -> None:
        """The whole file appears at `target`, or nothing does."""
        found = self.stat(path)
        size = found.size if found else 0
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".pull-") as folder:
            part = Path(folder) / "part"
            with self._session() as session, part.open("wb") as file:
                for piece in _reported(session.receive(_checked(path)), size, progress):
                    file.write(piece)
            part.replace(target)

    def read(self, path: str, *, limit: int = 64 << 20) -> bytes:
        content = bytearray()
        with self._session() as session:
            for piece in session.receive(_checked(path)):
                content += piece
                if len(content) > limit:
                    raise HandsetError(self._handset, f"{path} has more than {limit} bytes")
        return bytes(content)

    def sha256(self, path: str) -> str | None:
        """None where there is no such file."""
        if self.stat(path) is None:
            return None
        digest = self._shell.run("sha256sum", path, timeout_s=_HASH_S, check=True).text.split(" ")[0]
        if len(digest) != 64:
            raise HandsetError(self._handset, f"{path}: `sha256sum` printed no digest")
        return digest

    def mkdir(self, path: str) -> None:
        self._shell.run("mkdir", "-p", _checked(path), check=True)

    def remove(self, path: str) -> None:
        """Nothing happens where there is no such file; a directory must be empty."""
        quoted = shlex.quote(_checked(path))
        self._shell.script(f"if [ -d {quoted} ]; then rmdir {quoted}; else rm -f {quoted}; fi", check=True)

    def rename(self, path: str, new_path: str) -> None:
        self._shell.run("mv", "-f", _checked(path), _checked(new_path), check=True)

    def free_mb(self, path: str) -> float | None:
        try:
            (found, *_) = df.parse(self._shell.run("df", _checked(path)).text).filesystems
        except DumpError:
            return None
        return found.available_kb * 1024 / 1e6

    def _session(self) -> SyncSession:
        return SyncSession(self._handset, self._connection)

    def _send(self, file: BinaryIO, size: int, mtime: int, path: str, mode: int, progress: Progress | None) -> None:
        readinto = file.readinto  # type: ignore[attr-defined]  # both BytesIO and open files have it
        with self._session() as session:
            chunks = _reported(chunks_of(readinto), size, progress)
            session.send(_checked(path), stat.S_IFREG | mode, mtime, chunks)


def _reported(pieces: Iterable[Piece], total: int, progress: Progress | None) -> Iterator[Piece]:
    done = 0
    for piece in pieces:
        yield piece
        done += len(piece)
        if progress is not None:
            progress(done, max(done, total))


def _checked(path: str) -> str:
    if not path.startswith("/") or "\0" in path:
        raise UsageError(f"{path!r} is no absolute path on a handset")
    return path
