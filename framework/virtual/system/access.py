"""The tree under the rights of one user: find, make and take away nodes, or say why not."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TypeVar

from framework.virtual.system.nodes import CharacterDevice, Directory, Node, Regular
from framework.virtual.system.openfile import settle
from framework.virtual.system.tree import EXECUTE, READ, WRITE, Found, Tree, allowed, failure, names
from framework.virtual.system.users import ROOT, SYSTEM

NodeT = TypeVar("NodeT", bound=Node)

WANTED = {"r": READ, "r+": READ | WRITE, "w+": READ | WRITE}
"""What an open mode needs; the others only write."""


@dataclass(frozen=True, slots=True)
class Access:
    """`uid` acts; `pid` is where /proc/self leads. Root and system pass the mode bits, only root read-only mounts."""

    tree: Tree
    uid: int
    pid: int | None

    @property
    def privileged(self) -> bool:
        return self.uid in (ROOT, SYSTEM)

    def find(self, path: str, *, follow: bool = True) -> Found:
        return self.tree.walk(path, self.uid, self.pid, follow=follow)

    def existing(self, path: str, *, follow: bool = True) -> Node:
        node = self.find(path, follow=follow).node
        if node is None:
            raise failure(errno.ENOENT, path)
        return node

    def named(self, path: str) -> tuple[Found, Node]:
        """The directory entry that a path ends with, itself and not what it links to."""
        found = self.find(path, follow=False)
        if found.node is None:
            raise failure(errno.ENOENT, path)
        if not found.name or path.rstrip("/").endswith("/."):
            raise failure(errno.EBUSY if not found.name else errno.EINVAL, path)
        return found, found.node

    def owned(self, path: str, *, follow: bool = True) -> Node:
        """A node whose attributes this user may change."""
        found = self.find(path, follow=follow)
        if found.node is None:
            raise failure(errno.ENOENT, path)
        self.check_mount(found, path)
        if not self.privileged and found.node.uid != self.uid:
            raise failure(errno.EPERM, path)
        return found.node

    def create(self, found: Found, path: str, kind: type[NodeT], mode: int) -> NodeT:
        """A new node of this user's at the place that was found empty."""
        self.check_parent(found, path)
        gid = found.parent.gid if found.parent.mode & 0o2000 else self.uid
        node = kind(self.tree.new_ino(), mode & 0o7777, self.uid, gid, self.tree.seconds())
        if isinstance(node, Directory):
            node.read_only = found.parent.read_only
            node.mode |= found.parent.mode & 0o2000
        found.parent.entries[found.name] = node
        found.parent.mtime = node.mtime
        return node

    def drop(self, found: Found, node: Node) -> None:
        """Take one name away; the node goes with its last name and its last opening."""
        del found.parent.entries[found.name]
        found.parent.mtime = self.tree.seconds()
        node.nlink -= 1
        if isinstance(node, Regular) and not node.nlink and not node.opened:
            settle(self.tree, node)

    def check_parent(self, found: Found, path: str) -> None:
        """Whether names in the parent directory may be made and taken away."""
        self.check_mount(found, path)
        if not allowed(found.parent, self.uid, WRITE | EXECUTE):
            raise failure(errno.EACCES, path)
        if found.node is not None and found.name not in found.parent.entries:
            raise failure(errno.EPERM, path)

    def check_mount(self, found: Found, path: str) -> None:
        if self.read_only(found):
            raise failure(errno.EROFS, path)

    def read_only(self, found: Found) -> bool:
        here = found.node if isinstance(found.node, Directory) else found.parent
        return here.read_only and self.uid != ROOT

    def check_open(self, found: Found, node: Node, path: str, mode: str) -> None:
        want = WANTED.get(mode, WRITE)
        if isinstance(node, Directory) and want & WRITE:
            raise failure(errno.EISDIR, path)
        if want & WRITE and not isinstance(node, CharacterDevice):
            self.check_mount(found, path)
        if not allowed(node, self.uid, want):
            raise failure(errno.EACCES, path)

    def check_replace(self, new: Node, old: Node, path: str) -> None:
        """rename(2) over something: like by like, and a directory only if it is empty."""
        if isinstance(old, Directory) and not isinstance(new, Directory):
            raise failure(errno.EISDIR, path)
        if isinstance(new, Directory) and not isinstance(old, Directory):
            raise failure(errno.ENOTDIR, path)
        if isinstance(old, Directory) and names(old):
            raise failure(errno.ENOTEMPTY, path)
