"""What a handset's file system is made of: the nodes of its tree."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from framework.virtual.system.locks import FileLock
from framework.virtual.system.store import Blob, Draft

Content: TypeAlias = bytearray | Draft | Blob
"""The bytes of a file: small ones in memory, big ones in the store, being written or finished."""


@dataclass(frozen=True, slots=True)
class Stat:
    """stat(2): `mode` includes the file type, `mtime` is in seconds since 1970, `size` in bytes."""

    mode: int
    size: int
    mtime: int
    uid: int
    gid: int
    ino: int
    nlink: int
    rdev: int = 0


@dataclass(frozen=True, slots=True)
class Generated:
    """A file whose bytes are made anew each time it is opened, as under /proc and /sys."""

    produce: Callable[[], bytes]
    mode: int = 0o444
    uid: int = 0


Entry: TypeAlias = "Callable[[], bytes] | Generated | Mapping[str, Entry]"
"""What a generated directory holds: files, and further directories as mappings (asked when needed)."""


@dataclass(slots=True, eq=False)
class Node:
    """What all nodes have; `mode` holds the permission bits only. `nlink` counts directory entries."""

    ino: int
    mode: int
    uid: int
    gid: int
    mtime: int
    nlink: int = 1

    @property
    def kind(self) -> int:
        """The S_IFMT part of the mode."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        return 0

    def stat(self) -> Stat:
        return Stat(self.kind | self.mode, self.size, self.mtime, self.uid, self.gid, self.ino, self.nlink)


@dataclass(slots=True, eq=False)
class Regular(Node):
    content: Content = field(default_factory=bytearray)
    lock: FileLock = field(default_factory=FileLock)
    opened: int = 0

    @property
    def kind(self) -> int:
        return stat.S_IFREG

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytearray) else self.content.size


@dataclass(slots=True, eq=False)
class Directory(Node):
    """`dynamic` entries come and go by themselves (/proc); the others in `entries` win over them."""

    entries: dict[str, Node] = field(default_factory=dict)
    dynamic: Callable[[], Mapping[str, Entry]] | None = None
    read_only: bool = False

    @property
    def kind(self) -> int:
        return stat.S_IFDIR

    @property
    def size(self) -> int:
        return 0 if self.dynamic else 3452


@dataclass(slots=True, eq=False)
class Symlink(Node):
    """`to_caller`: it leads to the entry named by the process that follows it (/proc/self)."""

    target: str = ""
    to_caller: bool = False

    def target_for(self, pid: int | None) -> str:
        return str(pid or 1) if self.to_caller else self.target

    @property
    def kind(self) -> int:
        return stat.S_IFLNK

    @property
    def size(self) -> int:
        return len(self.target.encode())


@dataclass(slots=True, eq=False)
class GeneratedFile(Node):
    produce: Callable[[], bytes] = bytes

    @property
    def kind(self) -> int:
        return stat.S_IFREG


@dataclass(slots=True, eq=False)
class CharacterDevice(Node):
    """A device node: `source(n)` gives what a read gets; None is the end at once. Writes vanish."""

    source: Callable[[int], bytes] | None = None
    numbers: tuple[int, int] = (0, 0)

    @property
    def kind(self) -> int:
        return stat.S_IFCHR

    def stat(self) -> Stat:
        major, minor = self.numbers
        return Stat(stat.S_IFCHR | self.mode, 0, self.mtime, self.uid, self.gid, self.ino, 1, major << 8 | minor)
