"""The file system against the host's own, and Android's rights on top."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from framework.virtual.system.files import FileSystem
from framework.virtual.system.nodes import Generated
from framework.virtual.system.store import BlobStore

NAMES = st.sampled_from(["a", "b", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
OPERATIONS = st.one_of(
    st.tuples(st.sampled_from(["mkdir", "rmdir", "remove", "listdir", "size", "read", "readlink", "real"]), PATHS),
    st.tuples(st.sampled_from(["write", "append", "patch"]), PATHS, st.binary(max_size=5)),
    st.tuples(st.sampled_from(["rename", "link", "symlink"]), PATHS, PATHS),
)


def relative(target: str, link: str) -> str:
    """How a link at `link` names `target`, both below one directory."""
    return "../" * link.count("/") + target


class Host:
    """The same operations on a directory of the machine that runs the test."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def run(self, name: str, path: str, *rest: str | bytes) -> object:
        place = self._root / path
        if name in ("write", "append", "patch"):
            with place.open({"write": "wb", "append": "ab", "patch": "r+b"}[name]) as file:
                return file.write(rest[0])
        if name in ("rename", "link"):
            return getattr(os, name)(place, self._root / str(rest[0]))
        if name == "symlink":
            (self._root / str(rest[0])).symlink_to(relative(path, str(rest[0])))
            return None
        calls: dict[str, Callable[[], object]] = {
            "mkdir": place.mkdir,
            "rmdir": place.rmdir,
            "remove": place.unlink,
            "listdir": lambda: sorted(entry.name for entry in place.iterdir()),
            "size": lambda: place.stat().st_size if place.is_file() else (place.stat(), 0)[1],
            "read": place.read_bytes,
            "readlink": lambda: str(place.readlink()),
            "real": lambda: os.path.relpath(os.path.realpath(place, strict=True), os.path.realpath(self._root)),
        }
        return calls[name]()


class Handset:
    """The operations on a file system of ours, below /t."""

    def __init__(self, files: FileSystem) -> None:
        self._files = files
        files.mkdir("/t")

    def run(self, name: str, path: str, *rest: str | bytes) -> object:
        files, place = self._files, f"/t/{path}"
        if name in ("write", "append", "patch"):
            with files.open(place, {"write": "w", "append": "a", "patch": "r+"}[name], uid=0) as file:
                return file.write(rest[0])  # type: ignore[arg-type]
        if name in ("rename", "link"):
            return getattr(files, name)(place, f"/t/{rest[0]!s}")
        if name == "symlink":
            files.symlink(relative(path, str(rest[0])), f"/t/{rest[0]!s}")
            return None
        calls: dict[str, Callable[[], object]] = {
            "mkdir": lambda: files.mkdir(place),
            "rmdir": lambda: files.rmdir(place),
            "remove": lambda: files.remove(place),
            "listdir": lambda: files.listdir(place),
            "size": lambda: files.stat(place).size if files.stat(place).mode & 0o100000 else 0,
            "read": lambda: files.read(place),
            "readlink": lambda: files.readlink(place),
            "real": lambda: files.stat(place) and os.path.relpath(files.realpath(place), "/t"),
        }
        return calls[name]()


def outcome(side: Host | Handset, operation: tuple[object, ...]) -> object:
    try:
        return side.run(*operation)  # type: ignore[arg-type]
    except OSError as error:
        return errno.errorcode[error.errno or 0]


@settings(max_examples=300, deadline=None)
@given(operations=st.lists(OPERATIONS, min_size=6, max_size=30))
@example(operations=[("mkdir", "a"), ("symlink", "a", "a/a"), ("rename", "a/a", "a")])
def test_it_does_what_the_hosts_file_system_does(operations: list[tuple[object, ...]]) -> None:
    """Any sequence of operations has, step by step, the results and errors of a real Linux file system."""
    with tempfile.TemporaryDirectory() as directory, BlobStore() as store:
        host, handset = Host(Path(directory)), Handset(FileSystem(store, lambda: 0))
        for operation in operations:
            assert outcome(handset, operation) == outcome(host, operation), operation


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (lambda files: files.write("/data/local/tmp/x", b""), None),
        (lambda files: files.write("/sdcard/Download/x", b""), None),
        (lambda files: files.open("/dev/null", "w").close(), None),
        (lambda files: files.write("/system/x", b""), "EROFS"),
        (lambda files: files.mkdir("/vendor/x"), "EROFS"),
        (lambda files: files.remove("/system/bin/ls"), "EROFS"),
        (lambda files: files.chmod("/system/bin/am", 0o777), "EROFS"),
        (lambda files: files.open("/system/bin", "w"), "EISDIR"),
        (lambda files: files.write("/data/x", b""), "EACCES"),
        (lambda files: files.write("/x", b""), "EACCES"),
        (lambda files: files.listdir("/data/data"), "EACCES"),
        (lambda files: files.listdir("/data/data/org.app"), "EACCES"),
        (lambda files: files.read("/data/data/org.app/secret"), "EACCES"),
        (lambda files: files.chmod("/data/data/org.app", 0o777), "EPERM"),
        (lambda files: files.read("/proc/closed"), "EACCES"),
        (lambda files: files.open("/proc/uptime", "w"), "EACCES"),
        (lambda files: files.remove("/proc/7/status"), "EACCES"),
    ],
)
def test_a_shell_over_adb_may_do_what_android_lets_it(
    files: FileSystem, shell_files: FileSystem, action: Callable[[FileSystem], object], expected: str | None
) -> None:
    """uid 2000 gets the errors of a user build, and none where a shell may write."""
    files.mkdir("/data/data/org.app", 0o700, uid=10100, gid=10100)
    files.write("/data/data/org.app/secret", b"")
    files.generated("/proc/uptime", lambda: b"1.00 2.00\n")
    files.generated_dir("/proc", lambda: {"7": {"status": bytes}, "closed": Generated(bytes, mode=0o400)})
    if expected is None:
        action(shell_files)
    else:
        with pytest.raises(OSError, match=os.strerror(getattr(errno, expected))):
            action(shell_files)


def test_root_and_system_pass_the_mode_bits(files: FileSystem) -> None:
    """Callers inside the handset are not held up by app directories or read-only mounts (root)."""
    files.mkdir("/data/data/org.app", 0o700, uid=10100, gid=10100)
    files.as_user(1000).write("/data/data/org.app/x", b"1")
    files.write("/system/etc/hosts", b"127.0.0.1 localhost\n")
    assert [files.read("/data/data/org.app/x"), files.listdir("/etc")] == [b"1", ["hosts"]]


def test_generated_files_are_made_at_each_open(files: FileSystem, shell_files: FileSystem) -> None:
    """An open file keeps what it showed first; /proc/self leads to whoever asks."""
    counter = iter(range(10))
    files.generated("/proc/uptime", lambda: b"%d\n" % next(counter))
    files.generated_dir("/proc", lambda: {"4321": {"comm": lambda: b"sh\n"}})
    with shell_files.open("/proc/uptime") as first:
        shell_files.read("/proc/uptime")
        assert [first.readline(), shell_files.read("/proc/uptime")] == [b"0\n", b"2\n"]
    assert shell_files.read("/proc/self/comm") == b"sh\n"
    assert files.listdir("/proc") == ["4321", "self", "uptime"]


def test_the_storage_can_be_full(shell_files: FileSystem) -> None:
    """A write beyond the size of /data is ENOSPC; what is removed is free again."""
    before = shell_files.free_bytes()
    shell_files.write("/data/local/tmp/half", bytes(40 << 20))
    with pytest.raises(OSError, match="No space left") as caught:
        shell_files.write("/data/local/tmp/rest", bytes(40 << 20))
    assert caught.value.errno == errno.ENOSPC
    shell_files.remove("/data/local/tmp/half")
    assert shell_files.free_bytes() == before


def test_times_and_owners_are_the_creators(shell_files: FileSystem) -> None:
    """A new file carries the handset's wall time and the user; set-group-id directories give their group."""
    shell_files.write("/data/local/tmp/x", b"abc", mode=0o600)
    shell_files.write("/sdcard/y", b"")
    with contextlib.closing(shell_files.open("/sdcard/y")) as opened:
        shared = opened.stat()
    own = shell_files.stat("/data/local/tmp/x")
    assert (own.mode, own.size, own.mtime, own.uid, own.gid) == (0o100600, 3, 1_700_000_000, 2000, 2000)
    assert (shared.uid, shared.gid) == (2000, 1015)
    assert shell_files.realpath("/sdcard/../0/y") == "/storage/emulated/0/y"
