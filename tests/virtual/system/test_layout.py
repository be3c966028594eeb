"""What a handset's file system begins with."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from framework.virtual.system.layout import DIRECTORIES, LINKS

if TYPE_CHECKING:
    from framework.virtual.system.files import FileSystem


def test_directories_have_the_owners_and_modes_of_a_user_build(files: FileSystem) -> None:
    """Each as listed, whatever its parent's set-group-id bit would give."""
    found = [(path, stat.S_IMODE((s := files.stat(path)).mode), s.uid, s.gid) for path, *_ in DIRECTORIES]
    assert found == list(DIRECTORIES)


def test_links_lead_where_android_leads_them(files: FileSystem) -> None:
    """None dangles; /sdcard is the shared storage of user 0."""
    assert all(files.exists(path) for path, _ in LINKS)
    assert files.realpath("/sdcard") == "/storage/emulated/0"


@pytest.mark.parametrize("path", ["/data/local/tmp", "/sdcard", "/sdcard/Download", "/sdcard/Android/data"])
def test_a_shell_may_write_here(shell_files: FileSystem, path: str) -> None:
    """And see what it wrote."""
    shell_files.write(f"{path}/x", b"1")
    assert "x" in shell_files.listdir(path)


@pytest.mark.parametrize("path", ["/data", "/data/data", "/data/app", "/data/system", "/cache"])
def test_a_shell_may_not_look_here(shell_files: FileSystem, path: str) -> None:
    """EACCES, as over adb."""
    with pytest.raises(PermissionError):
        shell_files.listdir(path)


def test_devices_give_what_they_should(shell_files: FileSystem) -> None:
    """Nothing, zeros, or chance; all take anything."""
    with shell_files.open("/dev/zero") as zero, shell_files.open("/dev/urandom") as chance:
        assert [zero.read(3), len(chance.read(16)), shell_files.read("/dev/null")] == [b"\0\0\0", 16, b""]
    shell_files.write("/dev/null", b"gone")
    assert stat.S_ISCHR(shell_files.stat("/dev/null").mode)
