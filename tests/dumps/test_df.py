"""`df`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.df import FileSystem, parse
from framework.dumps.errors import DumpError

HEADER = "Filesystem 1K-blocks Used Available Use% Mounted on\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEADER}/dev/fuse 40 30 10 75% /mnt/my card\r\n", FileSystem("/dev/fuse", "/mnt/my card", 40, 30, 10, 75)),
        (
            f"{HEADER}/dev/block/a-very-long-name\n    40 30 10  75% /data\n",
            FileSystem("/dev/block/a-very-long-name", "/data", 40, 30, 10, 75),
        ),
        (f"{HEADER}none 0 0 0 - /sys\n", FileSystem("none", "/sys", 0, 0, 0, None)),
        (
            "Filesystem      Size  Used Avail Use% Mounted on\n/dev/dm-5  110G  1.5M  0 14% /data\n",
            FileSystem("/dev/dm-5", "/data", 115343360, 1536, 0, 14),
        ),
        (
            "Filesystem  512-blocks Used Available Capacity Mounted on\n/dev/a 80 60 20 75% /data\n",
            FileSystem("/dev/a", "/data", 40, 30, 10, 75),
        ),
        (
            "Filesystem               Size     Used     Free   Blksize\n/data   1.0G   1.5M  2.0K   4096\n",
            FileSystem(None, "/data", 1048576, 1536, 2, None),
        ),
        (f"df: /mnt/x: Permission denied\n{HEADER}a 4 3 1 75% /\n", FileSystem("a", "/", 4, 3, 1, 75)),
    ],
)
def test_each_layout_is_read(text: str, expected: FileSystem) -> None:
    """Toybox, a wrapped row of busybox, no percentage, sizes with letters, half kilobytes, the old toolbox, errors."""
    assert parse(text).filesystems == (expected,)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("/dev/a 4 3 1 75% /\n", 1),
        (HEADER, 2),
        (f"{HEADER}/dev/a 4 3\n/dev/b 4 3 1 75% /b\n", 2),
        (f"{HEADER}/dev/a\n/dev/b 4 3 1 75% /b\n", 3),
        (f"{HEADER}/dev/a\n", 3),
        (f"{HEADER}/dev/a 4 3 1 75%\n", 2),
        (f"{HEADER}/dev/a 4 3 1 4096 /a\n", 2),
        ("Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/a 4 3 1 75% /\n", 2),
    ],
)
def test_what_is_no_df_is_refused(text: str, line: int) -> None:
    """No header, no row, a row that was cut, another unit."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("df", line)


@pytest.mark.parametrize(
    ("name", "count", "expected"),
    [
        (
            "chkbugreport__nexusone_busybox",
            6,
            FileSystem("/dev/block/mtdblock5", "/data", 200960, 63836, 137124, 32),
        ),
        ("tradefed__toybox", 1, FileSystem("/dev/fuse", "/mnt/sdcard", 11585536, 1316348, 10269188, 12)),
    ],
)
def test_real_handsets(capture: Callable[[str], str], name: str, count: int, expected: FileSystem) -> None:
    """The true values of real captures."""
    found = parse(capture(f"df/{name}.txt")).filesystems
    assert len(found) == count
    assert expected in found
