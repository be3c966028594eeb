"""Open files: what open(2) gives. Not asynchronous: memory and the host's disk do not keep one waiting."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from framework.virtual.system.nodes import CharacterDevice, Node, Regular, Stat
from framework.virtual.system.store import Blob, Draft
from framework.virtual.system.tree import Tree, failure

if TYPE_CHECKING:
    from types import TracebackType

BIG = 1 << 20
"""From this size on (bytes) a file's content lies in the store instead of in memory."""

LINE_CHUNK = 8192


class OpenFile:
    """The common part; close it, or use it as a context manager. Errors are OSError with errno."""

    def __init__(self, path: str, node: Node, *, readable: bool, writable: bool) -> None:
        self.path = path
        self.closed = False
        self._node = node
        self._readable = readable
        self._writable = writable

    def __enter__(self) -> OpenFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def size(self) -> int:
        return self._node.size

    @property
    def host_path(self) -> Path | None:
        """Where the host has these bytes as a file of their own; None for what lies in memory."""
        return None

    def stat(self) -> Stat:
        return self._node.stat()

    def read(self, n: int = -1) -> bytes:
        """At most `n` bytes (all that is left, if negative); `b""` at the end."""
        self._check(self._readable)
        return self._read(n)

    def readline(self) -> bytes:
        """Bytes up to and with the next newline."""
        self._check(self._readable)
        line = b""
        while chunk := self._read(LINE_CHUNK):
            end = chunk.find(b"\n")
            if end >= 0:
                self._rewind(len(chunk) - end - 1)
                return line + chunk[: end + 1]
            line += chunk
        return line

    def write(self, data: bytes) -> int:
        self._check(self._writable)
        return self._write(data)

    def seek(self, offset: int) -> None:
        raise failure(errno.ESPIPE, self.path)

    def tell(self) -> int:
        raise failure(errno.ESPIPE, self.path)

    def truncate(self, size: int) -> None:
        raise failure(errno.EINVAL, self.path)

    def close(self) -> None:
        self.closed = True

    def _check(self, permitted: bool) -> None:
        if self.closed or not permitted:
            raise failure(errno.EBADF, self.path)

    def _read(self, n: int) -> bytes:
        raise NotImplementedError

    def _write(self, data: bytes) -> int:
        raise NotImplementedError

    def _rewind(self, n: int) -> None:
        """Step back over the last `n` bytes read."""
        raise NotImplementedError


class OpenRegular(OpenFile):
    """A stored file. It moves to the store once it is big; there it is hashed when its last writer closes."""

    def __init__(self, tree: Tree, path: str, node: Regular, *, readable: bool, writable: bool, append: bool) -> None:
        super().__init__(path, node, readable=readable, writable=writable)
        self._tree = tree
        self._file = node
        self._append = append
        self._position = 0
        node.opened += 1

    @property
    def host_path(self) -> Path | None:
        return self._file.content.path if isinstance(self._file.content, Blob) else None

    def seek(self, offset: int) -> None:
        self._position = offset

    def tell(self) -> int:
        return self._position

    def truncate(self, size: int) -> None:
        self._check(self._writable)
        self._tree.space.take(size - self.size, self.path)
        if isinstance(self._file.content, Blob) and size == 0:
            self._tree.store.release(self._file.content)
            self._file.content = bytearray()
        content = self._editable(size)
        if isinstance(content, Draft):
            content.truncate(size)
        else:
            del content[size:]
            content.extend(bytes(size - len(content)))
        self._file.mtime = self._tree.seconds()

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self.unlock()
        self._file.opened -= 1
        if self._file.opened == 0:
            settle(self._tree, self._file)

    def try_lock(self, *, exclusive: bool) -> bool:
        """flock(2) with LOCK_NB: whether this open file holds the lock now."""
        return self._file.lock.try_acquire(self, exclusive=exclusive)

    async def lock(self, *, exclusive: bool) -> None:
        """flock(2): wait for the lock. Closing the file gives it back."""
        await self._file.lock.acquire(self, exclusive=exclusive)

    def unlock(self) -> None:
        self._file.lock.release(self)

    def _read(self, n: int) -> bytes:
        start, content = self._position, self._file.content
        end = self.size if n < 0 else min(self.size, start + n)
        if start >= end:
            return b""
        if isinstance(content, bytearray):
            data = bytes(content[start:end])
        elif isinstance(content, Draft):
            data = content.read(start, end - start)
        else:
            with content.path.open("rb") as stored:
                stored.seek(start)
                data = stored.read(end - start)
        self._position += len(data)
        return data

    def _write(self, data: bytes) -> int:
        start = self.size if self._append else self._position
        end = start + len(data)
        self._tree.space.take(max(0, end - self.size), self.path)
        content = self._editable(end)
        if isinstance(content, Draft):
            content.write(start, data)
        else:
            content.extend(bytes(max(0, start - len(content))))
            content[start:end] = data
        self._position = end
        self._file.mtime = self._tree.seconds()
        return len(data)

    def _rewind(self, n: int) -> None:
        self._position -= n

    def _editable(self, size: int) -> bytearray | Draft:
        """The content in a form that can be changed and may grow to `size`."""
        content = self._file.content
        if isinstance(content, Blob):
            content = self._file.content = self._tree.store.edit(content)
        elif isinstance(content, bytearray) and size >= BIG:
            draft = self._tree.store.draft()
            draft.write(0, bytes(content))
            content = self._file.content = draft
        return content


class OpenSnapshot(OpenFile):
    """A generated file, as it was when it was opened."""

    def __init__(self, path: str, node: Node, data: bytes) -> None:
        super().__init__(path, node, readable=True, writable=False)
        self._data = data
        self._position = 0

    def seek(self, offset: int) -> None:
        self._position = offset

    def tell(self) -> int:
        return self._position

    def _read(self, n: int) -> bytes:
        end = len(self._data) if n < 0 else self._position + n
        data = self._data[self._position : end]
        self._position += len(data)
        return data

    def _rewind(self, n: int) -> None:
        self._position -= n


class OpenDevice(OpenFile):
    """A character device: /dev/null, /dev/zero, /dev/urandom."""

    def __init__(self, path: str, node: CharacterDevice, *, readable: bool, writable: bool) -> None:
        super().__init__(path, node, readable=readable, writable=writable)
        self._source: Callable[[int], bytes] | None = node.source

    def readline(self) -> bytes:
        """What one read gives: a line of /dev/zero would have no end."""
        return self.read(LINE_CHUNK)

    def seek(self, offset: int) -> None:
        """Every place of a device is the same."""

    def tell(self) -> int:
        return 0

    def truncate(self, size: int) -> None:
        """Opening a device for writing empties nothing."""

    def _read(self, n: int) -> bytes:
        return self._source(LINE_CHUNK if n < 0 else n) if self._source else b""

    def _write(self, data: bytes) -> int:
        return len(data)

    def _rewind(self, n: int) -> None:
        """What a device gave is gone."""


def settle(tree: Tree, node: Regular) -> None:
    """When nobody has a file open: store what was written, or drop what no directory names any more."""
    content = node.content
    if node.nlink == 0:
        tree.space.take(-node.size, "")
        if isinstance(content, Draft):
            content.discard()
        elif isinstance(content, Blob):
            tree.store.release(content)
        node.content = bytearray()
    elif isinstance(content, Draft):
        if content.size >= BIG:
            node.content = tree.store.keep(content)
        else:
            node.content = bytearray(content.read(0, content.size))
            content.discard()
