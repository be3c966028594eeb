"""One handset's file system in memory, with Android's permissions and big files in the store."""

from __future__ import annotations

import errno
import posixpath
import stat
from collections.abc import Callable, Mapping

from framework.virtual.system.access import Access
from framework.virtual.system.nodes import (
    CharacterDevice,
    Directory,
    Entry,
    GeneratedFile,
    Node,
    Regular,
    Stat,
    Symlink,
)
from framework.virtual.system.openfile import OpenDevice, OpenFile, OpenRegular, OpenSnapshot
from framework.virtual.system.store import Blob, BlobStore
from framework.virtual.system.tree import EXECUTE, READ, WRITE, Space, Tree, allowed, failure, names, nodes_below
from framework.virtual.system.users import ROOT, SHELL


class FileSystem:
    """The tree as one user sees it: root, or whoever `as_user` names.

    Paths are absolute, POSIX; errors are OSError with errno as Linux gives them. Root and system pass every
    check of the mode bits; only root may change what is mounted read-only.
    """

    def __init__(self, store: BlobStore, now: Callable[[], int], *, total_bytes: int = 228 << 30) -> None:
        """`now` is the handset's wall clock in ns; `total_bytes` the size of /data."""
        self._access = Access(Tree(store, now, Space(total_bytes)), ROOT, None)

    def as_user(self, uid: int, pid: int | None = None) -> FileSystem:
        """The same tree with the rights of `uid`; `pid` is where /proc/self leads."""
        view = object.__new__(FileSystem)
        view._access = Access(self._access.tree, uid, pid)
        return view

    # -- reading -----------------------------------------------------------------------------------------------

    @property
    def uid(self) -> int:
        return self._access.uid

    def stat(self, path: str, *, follow: bool = True) -> Stat:
        return self._access.existing(path, follow=follow).stat()

    def exists(self, path: str) -> bool:
        """Whether the path leads to something that this user can see."""
        try:
            return self._access.find(path).node is not None
        except OSError:
            return False

    def access(self, path: str, want: int) -> bool:
        """access(2): whether this user may READ, WRITE, EXECUTE. Raises OSError where nothing is found."""
        found = self._access.find(path)
        if (node := found.node) is None:
            raise failure(errno.ENOENT, path)
        if want & EXECUTE and self._access.privileged and not node.mode & 0o111:
            return False
        return allowed(node, self.uid, want) and not (want & WRITE and self._access.read_only(found))

    def listdir(self, path: str) -> list[str]:
        """The names in a directory, sorted, without `.` and `..`."""
        node = self._access.existing(path)
        if not isinstance(node, Directory):
            raise failure(errno.ENOTDIR, path)
        if not allowed(node, self.uid, READ):
            raise failure(errno.EACCES, path)
        return names(node)

    def readlink(self, path: str) -> str:
        node = self._access.existing(path, follow=False)
        if not isinstance(node, Symlink):
            raise failure(errno.EINVAL, path)
        return node.target_for(self._access.pid)

    def realpath(self, path: str) -> str:
        """The path without symbolic links, `.` and `..`; its last name need not exist."""
        return self._access.find(path).path

    def resolve(self, cwd: str, path: str) -> str:
        """The absolute form of what a program in `cwd` calls `path`."""
        return posixpath.join(cwd, path) if path else ""

    def read(self, path: str) -> bytes:
        with self.open(path, uid=self.uid) as file:
            return file.read()

    def free_bytes(self) -> int:
        return self._access.tree.space.total - self._access.tree.space.used

    def reserve(self, size: int) -> int:
        """Take space that no file holds, or give it back (a negative size); what was taken."""
        self._access.tree.space.take(size, "/data")
        return size

    def total_bytes(self) -> int:
        return self._access.tree.space.total

    # -- opening -----------------------------------------------------------------------------------------------

    def open(self, path: str, mode: str = "r", *, perm: int = 0o644, uid: int = SHELL) -> OpenFile:
        """Open as `uid`. `mode` is `r`, `w` (create, empty), `a` (create, append), `r+` (as it is),
        `w+` (create, keep the content, read and write) or `x` (create; EEXIST)."""
        view = self if uid == self.uid else self.as_user(uid, self._access.pid)
        access = view._access
        found = access.find(path)
        if found.node is None:
            if mode in ("r", "r+"):
                raise failure(errno.ENOENT, path)
            return view._opened(path, access.create(found, path, Regular, perm), mode)
        if mode == "x":
            raise failure(errno.EEXIST, path)
        access.check_open(found, found.node, path, mode)
        return view._opened(path, found.node, mode)

    def _opened(self, path: str, node: Node, mode: str) -> OpenFile:
        readable, writable = mode in ("r", "r+", "w+"), mode != "r"
        if isinstance(node, CharacterDevice):
            return OpenDevice(path, node, readable=readable, writable=writable)
        if isinstance(node, GeneratedFile):
            if writable:
                raise failure(errno.EACCES, path)
            return OpenSnapshot(path, node, node.produce())
        if not isinstance(node, Regular):
            raise failure(errno.EISDIR, path)
        tree = self._access.tree
        file = OpenRegular(tree, path, node, readable=readable, writable=writable, append=mode == "a")
        if mode == "w" and node.size:
            file.truncate(0)
        return file

    # -- changing ----------------------------------------------------------------------------------------------

    def write(
        self, path: str, data: bytes, *, mode: int = 0o644, uid: int | None = None, gid: int | None = None
    ) -> None:
        """Make or replace a whole file; `uid` and `gid` become its owner (default: this user)."""
        with self.open(path, "w", perm=mode, uid=self.uid) as file:
            file.write(data)
        if uid is not None or gid is not None:
            self.chown(path, uid, gid)

    def mkdir(
        self,
        path: str,
        mode: int = 0o771,
        *,
        parents: bool = False,
        uid: int | None = None,
        gid: int | None = None,
    ) -> None:
        """Make a directory; with `parents` also those above it, and none of them need be new."""
        if parents:
            above = posixpath.dirname(path.rstrip("/"))
            if above not in ("", "/") and not self.exists(above):
                self.mkdir(above, mode, parents=True, uid=uid, gid=gid)
            if self.exists(path) and stat.S_ISDIR(self.stat(path).mode):
                return
        found = self._access.find(path, follow=False)
        if found.node is not None:
            raise failure(errno.EEXIST, path)
        self._access.create(found, path, Directory, mode)
        if uid is not None or gid is not None:
            self.chown(path, uid, gid)

    def symlink(self, target: str, path: str) -> None:
        found = self._access.find(path, follow=False)
        if found.node is not None:
            raise failure(errno.EEXIST, path)
        self._access.create(found, path, Symlink, 0o777).target = target

    def link(self, existing: str, path: str) -> None:
        """A hard link: a further name of the same file."""
        node = self._access.existing(existing, follow=False)
        found = self._access.find(path, follow=False)
        if found.node is not None:
            raise failure(errno.EEXIST, path)
        if isinstance(node, Directory):
            raise failure(errno.EPERM, path)
        self._access.check_parent(found, path)
        found.parent.entries[found.name] = node
        node.nlink += 1

    def remove(self, path: str) -> None:
        """unlink(2): take away one name; EISDIR for a directory."""
        found, node = self._access.named(path)
        if isinstance(node, Directory):
            raise failure(errno.EISDIR, path)
        self._access.check_parent(found, path)
        self._access.drop(found, node)

    def rmdir(self, path: str) -> None:
        found, node = self._access.named(path)
        if not isinstance(node, Directory):
            raise failure(errno.ENOTDIR, path)
        self._access.check_parent(found, path)
        if names(node):
            raise failure(errno.ENOTEMPTY, path)
        self._access.drop(found, node)

    def remove_tree(self, path: str) -> None:
        """Take away a file, or a directory with all below it."""
        node = self._access.existing(path, follow=False)
        if not isinstance(node, Directory):
            self.remove(path)
            return
        for name in self.listdir(path):
            self.remove_tree(f"{path}/{name}")
        self.rmdir(path)

    def rename(self, old: str, new: str) -> None:
        """rename(2): replaces a file, or an empty directory by a directory."""
        self._access.find(old, follow=False)
        target = self._access.find(new, follow=False)
        source, node = self._access.named(old)
        self._access.check_parent(source, old)
        self._access.check_parent(target, new)
        if target.node is node:
            return
        if any(directory is node for _, directory in target.parents):
            raise failure(errno.EINVAL, new)
        if any(directory is target.node for _, directory in source.parents):
            raise failure(errno.ENOTEMPTY, new)  # whatever is moved onto a directory that holds it (fs/namei.c)
        if target.node is not None:
            self._access.check_replace(node, target.node, new)
            self._access.drop(target, target.node)
        del source.parent.entries[source.name]
        target.parent.entries[target.name] = node

    def copy(self, source: str, target: str, *, perm: int) -> bool:
        """Make `target` a file with the bytes of `source` without moving them, if those lie in the store."""
        node = self._access.existing(source)
        with self.open(source, uid=self.uid):
            if not isinstance(node, Regular) or not isinstance(node.content, Blob):
                return False
        with self.open(target, "w", perm=perm, uid=self.uid):
            made = self._access.existing(target)
            if not isinstance(made, Regular):
                return False
            self._access.tree.space.take(node.size, target)
            made.content = self._access.tree.store.share(node.content)
        return True

    def chmod(self, path: str, mode: int) -> None:
        self._access.owned(path).mode = mode & 0o7777

    def chown(self, path: str, uid: int | None, gid: int | None) -> None:
        node = self._access.owned(path, follow=False)
        if not self._access.privileged and uid not in (None, node.uid):
            raise failure(errno.EPERM, path)
        node.uid = node.uid if uid is None else uid
        node.gid = node.gid if gid is None else gid

    def utime(self, path: str, mtime: int, *, follow: bool = True) -> None:
        self._access.owned(path, follow=follow).mtime = mtime

    # -- building ----------------------------------------------------------------------------------------------

    def generated(self, path: str, produce: Callable[[], bytes], mode: int = 0o444) -> None:
        """A file whose bytes `produce` makes at each open; its directories are made if missing."""
        self.mkdir(posixpath.dirname(path), 0o755, parents=True)
        self._access.create(self._access.find(path), path, GeneratedFile, mode).produce = produce

    def generated_dir(self, path: str, entries: Callable[[], Mapping[str, Entry]]) -> None:
        """A directory whose names come and go by themselves; it may hold stored ones too."""
        self.mkdir(path, 0o555, parents=True)
        node = self._access.existing(path)
        assert isinstance(node, Directory)
        node.dynamic = entries

    def link_to_caller(self, path: str) -> None:
        """/proc/self: a link that leads to the entry of the process that follows it."""
        self._access.create(self._access.find(path, follow=False), path, Symlink, 0o777).to_caller = True

    def device(self, path: str, source: Callable[[int], bytes] | None, numbers: tuple[int, int]) -> None:
        """A character device that everybody may use; `source(n)` makes what is read."""
        node = self._access.create(self._access.find(path), path, CharacterDevice, 0o666)
        node.source, node.numbers = source, numbers

    def mount_read_only(self, path: str) -> None:
        """From now on only root changes anything below `path`; others get EROFS."""
        for node in nodes_below(self._access.existing(path)):
            if isinstance(node, Directory):
                node.read_only = True
