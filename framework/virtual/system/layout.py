"""The directories that an Android 14 handset begins with: owners and modes as an AOSP user build has them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from framework.virtual.system.files import FileSystem
from framework.virtual.system.users import ROOT, SDCARD_RW, SHELL, SYSTEM

SHARED = "/storage/emulated/0"
"""Where /sdcard leads. What is made below it belongs to the group that the shell is in (set-group-id)."""

DIRECTORIES = (
    # path, mode, user, group
    ("/acct", 0o755, ROOT, ROOT),
    ("/apex", 0o755, ROOT, ROOT),
    ("/cache", 0o770, SYSTEM, 2001),
    ("/data", 0o771, SYSTEM, SYSTEM),
    ("/data/adb", 0o700, ROOT, ROOT),
    ("/data/anr", 0o775, SYSTEM, SYSTEM),
    ("/data/app", 0o771, SYSTEM, SYSTEM),
    ("/data/data", 0o771, SYSTEM, SYSTEM),
    ("/data/local", 0o751, ROOT, ROOT),
    ("/data/local/tmp", 0o771, SHELL, SHELL),
    ("/data/misc", 0o1771, SYSTEM, 9998),
    ("/data/misc/adb", 0o2750, SYSTEM, SHELL),
    ("/data/misc/perfetto-traces", 0o773, ROOT, SHELL),
    ("/data/system", 0o770, SYSTEM, SYSTEM),
    ("/data/tombstones", 0o771, SYSTEM, SYSTEM),
    ("/data/user", 0o711, SYSTEM, SYSTEM),
    ("/data/vendor", 0o771, ROOT, ROOT),
    ("/dev", 0o755, ROOT, ROOT),
    ("/metadata", 0o755, ROOT, SYSTEM),
    ("/mnt", 0o755, ROOT, SYSTEM),
    ("/odm", 0o755, ROOT, ROOT),
    ("/proc", 0o555, ROOT, ROOT),
    ("/product", 0o755, ROOT, ROOT),
    ("/storage", 0o755, ROOT, ROOT),
    ("/storage/emulated", 0o771, ROOT, SDCARD_RW),
    (SHARED, 0o2771, ROOT, SDCARD_RW),
    *(
        (f"{SHARED}/{name}", 0o2771, ROOT, SDCARD_RW)
        for name in ("Alarms", "Android", "Android/data", "Android/media", "Android/obb", "Audiobooks", "DCIM")
    ),
    *(
        (f"{SHARED}/{name}", 0o2771, ROOT, SDCARD_RW)
        for name in ("Documents", "Download", "Movies", "Music", "Notifications", "Pictures", "Podcasts")
    ),
    (f"{SHARED}/Recordings", 0o2771, ROOT, SDCARD_RW),
    (f"{SHARED}/Ringtones", 0o2771, ROOT, SDCARD_RW),
    ("/sys", 0o555, ROOT, ROOT),
    ("/system", 0o755, ROOT, ROOT),
    ("/system/app", 0o755, ROOT, ROOT),
    ("/system/bin", 0o751, ROOT, SHELL),
    ("/system/etc", 0o755, ROOT, ROOT),
    ("/system/fonts", 0o755, ROOT, ROOT),
    ("/system/framework", 0o755, ROOT, ROOT),
    ("/system/lib64", 0o755, ROOT, ROOT),
    ("/system/priv-app", 0o755, ROOT, ROOT),
    ("/system/usr", 0o755, ROOT, ROOT),
    ("/system_ext", 0o755, ROOT, ROOT),
    ("/vendor", 0o755, ROOT, SHELL),
    ("/vendor/bin", 0o751, ROOT, SHELL),
)

LINKS = (
    ("/data/user/0", "/data/data"),
    ("/bin", "/system/bin"),
    ("/etc", "/system/etc"),
    ("/sdcard", "/storage/self/primary"),
    ("/storage/self", "/mnt/user/0"),
    ("/mnt/sdcard", "/storage/self/primary"),
    ("/mnt/user/0/primary", SHARED),
)

READ_ONLY = ("/apex", "/odm", "/product", "/system", "/system_ext", "/vendor")

ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\x00\x01\x00\x00\x00"
"""How a 64-bit ARM program begins; what a program here does is emulated."""


@dataclass(frozen=True, slots=True)
class Mount:
    device: str
    path: str
    kind: str
    options: str
    share: float
    """How much of the device's size is taken, for those that are not /data."""


MOUNTS = (
    Mount("/dev/block/dm-6", "/", "erofs", "ro,seclabel,relatime", 1.0),
    Mount("tmpfs", "/dev", "tmpfs", "rw,seclabel,nosuid,relatime,mode=755", 0.0),
    Mount("proc", "/proc", "proc", "rw,relatime,gid=3009,hidepid=invisible", 0.0),
    Mount("sysfs", "/sys", "sysfs", "rw,seclabel,relatime", 0.0),
    Mount("tmpfs", "/mnt", "tmpfs", "rw,seclabel,nosuid,nodev,noexec,relatime,mode=755,gid=1000", 0.0),
    Mount("/dev/block/dm-7", "/vendor", "erofs", "ro,seclabel,relatime", 1.0),
    Mount("/dev/block/dm-8", "/product", "erofs", "ro,seclabel,relatime", 1.0),
    Mount("/dev/block/dm-45", "/data", "f2fs", "rw,lazytime,seclabel,nosuid,nodev,noatime", 0.0),
    Mount("/dev/fuse", "/storage/emulated", "fuse", "rw,lazytime,nosuid,nodev,noexec,noatime", 0.0),
)


def lay_out(files: FileSystem, toybox: Iterable[str], programs: Iterable[str]) -> None:
    """Fill an empty file system, as root: directories, devices, links, and a program for every command.

    `toybox` names become links to /system/bin/toybox; `programs` become files of their own.
    """
    for path, mode, uid, gid in DIRECTORIES:
        files.mkdir(path, mode, parents=True)
        files.chown(path, uid, gid)
        files.chmod(path, mode)
    _make_devices(files)
    files.mkdir("/mnt/user/0", 0o755, parents=True)
    for path, target in LINKS:
        files.symlink(target, path)
    files.link_to_caller("/proc/self")
    for name in ("toybox", "sh", *programs):
        files.write(f"/system/bin/{name}", ELF, mode=0o755, gid=SHELL)
    for name in toybox:
        if not files.exists(f"/system/bin/{name}"):
            files.symlink("toybox", f"/system/bin/{name}")
    for path in READ_ONLY:
        files.mount_read_only(path)


def _make_devices(files: FileSystem) -> None:
    files.device("/dev/null", None, (1, 3))
    files.device("/dev/zero", bytes, (1, 5))
    files.device("/dev/random", os.urandom, (1, 8))
    files.device("/dev/urandom", os.urandom, (1, 9))
