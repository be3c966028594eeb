"""The tree behind a handset's file system: walking paths as Linux does, and who may do what."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from framework.virtual.system.nodes import Directory, Entry, Generated, GeneratedFile, Node, Symlink
from framework.virtual.system.store import BlobStore
from framework.virtual.system.users import ROOT, SYSTEM, groups_of

READ, WRITE, EXECUTE = 4, 2, 1
MAX_SYMLINKS = 40
"""As Linux's MAXSYMLINKS: one more gives ELOOP."""


def failure(number: int, path: str) -> OSError:
    return OSError(number, os.strerror(number), path)


def allowed(node: Node, uid: int, want: int) -> bool:
    """Whether the user may READ, WRITE or EXECUTE (or'ed together), by the mode bits."""
    if uid in (ROOT, SYSTEM):
        return True
    if uid == node.uid:
        granted = node.mode >> 6
    elif node.gid in groups_of(uid):
        granted = node.mode >> 3
    else:
        granted = node.mode
    return granted & want == want


@dataclass(slots=True)
class Space:
    """How many bytes the handset's storage holds and how many are taken."""

    total: int
    used: int = 0

    def take(self, size: int, path: str) -> None:
        """Take `size` more bytes (negative: give back); raises OSError ENOSPC."""
        if size > 0 and self.used + size > self.total:
            raise failure(errno.ENOSPC, path)
        self.used += size


@dataclass(frozen=True, slots=True)
class Found:
    """Where a path leads: `node` is None when the last name does not exist in `parent`."""

    parents: tuple[tuple[str, Directory], ...]
    name: str
    node: Node | None

    @property
    def parent(self) -> Directory:
        return self.parents[-1][1]

    @property
    def path(self) -> str:
        """The absolute path without symbolic links."""
        names = [name for name, _ in self.parents[1:]] + ([self.name] if self.name else [])
        return "/" + "/".join(names)


@dataclass(slots=True)
class Tree:
    """The nodes, the space they take, and the time for their stamps (`now`: wall clock, ns)."""

    store: BlobStore
    now: Callable[[], int]
    space: Space
    root: Directory = field(init=False)
    _inodes: int = 1

    def __post_init__(self) -> None:
        self.root = Directory(self.new_ino(), 0o755, ROOT, ROOT, self.seconds())

    def new_ino(self) -> int:
        self._inodes += 1
        return self._inodes

    def seconds(self) -> int:
        return self.now() // 1_000_000_000

    def walk(self, path: str, uid: int, pid: int | None, *, follow: bool = True) -> Found:
        """Follow an absolute path. Raises OSError ENOENT, ENOTDIR, EACCES or ELOOP."""
        return _Walk(self, path, uid, pid).run(follow)


class _Walk:
    """One path on its way: `todo` holds the names still ahead, `parents` the directories passed."""

    def __init__(self, tree: Tree, path: str, uid: int, pid: int | None) -> None:
        self._path = path
        self._uid = uid
        self._pid = pid
        self._todo = path.split("/")[::-1]
        self._parents: list[tuple[str, Directory]] = [("", tree.root)]
        self._links = 0

    def run(self, follow: bool) -> Found:
        if not self._path:
            raise failure(errno.ENOENT, self._path)
        while self._todo:
            name = self._todo.pop()
            if name == "..":
                if len(self._parents) > 1:
                    self._parents.pop()
            elif name not in ("", "."):
                found = self._enter(name, follow)
                if found is not None:
                    return found
        return Found(tuple(self._parents[:-1] or self._parents), self._parents[-1][0], self._parents[-1][1])

    def _enter(self, name: str, follow: bool) -> Found | None:
        """Go into `name`; a Found when the path ends there at something that is no directory to enter."""
        here = self._parents[-1][1]
        if not allowed(here, self._uid, EXECUTE):
            raise failure(errno.EACCES, self._path)
        node = child(here, name)
        last = not any(self._todo)
        if isinstance(node, Symlink) and (follow or self._todo):
            self._follow(node)
        elif isinstance(node, Directory):
            self._parents.append((name, node))
        elif node is None and not last:
            raise failure(errno.ENOENT, self._path)
        elif node is not None and self._todo:
            raise failure(errno.ENOTDIR, self._path)
        else:
            return Found(tuple(self._parents), name, node)
        return None

    def _follow(self, link: Symlink) -> None:
        self._links += 1
        if self._links > MAX_SYMLINKS:
            raise failure(errno.ELOOP, self._path)
        target = link.target_for(self._pid)
        if target.startswith("/"):
            del self._parents[1:]
        self._todo += target.split("/")[::-1]


def child(directory: Directory, name: str) -> Node | None:
    """The node of one name, whether stored or generated."""
    node = directory.entries.get(name)
    if node is None and directory.dynamic is not None:
        entry = directory.dynamic().get(name)
        return None if entry is None else generated_node(entry)
    return node


def names(directory: Directory) -> list[str]:
    """All names of a directory, sorted."""
    generated: Mapping[str, Entry] = directory.dynamic() if directory.dynamic else {}
    return sorted({*directory.entries, *generated})


def generated_node(entry: Entry) -> Node:
    if isinstance(entry, Mapping):
        entries = entry
        return Directory(1, 0o555, ROOT, ROOT, 0, dynamic=lambda: entries)
    if isinstance(entry, Generated):
        return GeneratedFile(1, entry.mode, entry.uid, entry.uid, 0, produce=entry.produce)
    return GeneratedFile(1, 0o444, ROOT, ROOT, 0, produce=entry)


def nodes_below(node: Node) -> Iterator[Node]:
    """The node and, for a directory, every stored node below it."""
    yield node
    if isinstance(node, Directory):
        for entry in list(node.entries.values()):
            yield from nodes_below(entry)
