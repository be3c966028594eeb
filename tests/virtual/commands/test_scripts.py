"""Toybox's commands with written expectations: what holds where toybox is not installed.

`expected.txt` has blocks of a script, `==`, and what it prints; a missing newline at the end is not told apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bench, OnBench, RunScript

BLOCKS = (Path(__file__).parent / "expected.txt").read_text().split("%%\n")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0].strip("# "))
def test_commands(sh: RunScript, block: str) -> None:
    """What they print."""
    script, expected = block.split("\n==\n")
    assert sh(script).out.rstrip("\n") == expected.rstrip("\n")


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("cat nosuch", "cat: nosuch: No such file or directory\n"),
        ("cat -Q", "cat: Unknown option 'Q' (see \"cat --help\")\n"),
        ("ls /data/data", "ls: /data/data: Permission denied\n"),
        ("touch /system/x", "touch: '/system/x': Read-only file system\n"),
        ("rm /system/bin/ls", "rm: /system/bin/ls: Read-only file system\n"),
        ("mkdir /data/x", "mkdir: '/data/x': Permission denied\n"),
        ("cp a", "cp: Needs 2 arguments\n"),
        ("head -n x f", "head: not integer: x\n"),
        ("sleep soon", "sleep: Not a number 'soon'\n"),
        ("grep '['", "grep: bad REGEX '[': brackets ([ ]) not balanced\n"),
        ("toybox nosuch", 'toybox: Unknown command nosuch (see "toybox --help")\n'),
        ("chmod 644 /system/bin/sh", "chmod: /system/bin/sh: Read-only file system\n"),
        ("flock 9", "flock: 9: Bad file descriptor\n"),
        ("date -s 2020-01-01", "date: Unknown option 's' (see \"date --help\")\n"),
    ],
)
def test_complaints(sh: RunScript, script: str, error: str) -> None:
    """In toybox's words, with a status that is not 0."""
    result = sh(script)
    assert (result.err, result.out, result.status != 0) == (error, "", True)


def test_id_is_that_of_a_shell_over_adb(sh: RunScript) -> None:
    """As Android 14 prints it."""
    assert sh("id").out == (
        "uid=2000(shell) gid=2000(shell) groups=2000(shell),1004(input),1007(log),1011(adb),1015(sdcard_rw),"
        "1028(sdcard_r),1078(ext_data_rw),1079(ext_obb_rw),3001(net_bt_admin),3002(net_bt),3003(inet),"
        "3006(net_bw_stats),3009(readproc),3011(uhid),3012(readtracefs) context=u:r:shell:s0\n"
    )


def test_free_and_df_tell_what_the_handset_has(on_bench: OnBench) -> None:
    """In the kernel's and the file system's numbers."""

    async def story(bench: Bench) -> tuple[list[str], list[str], list[str]]:
        free = (await bench.sh("free -k")).out.splitlines()[1].split()
        disk = (await bench.sh("df /sdcard/Download")).out.splitlines()[1].split()
        total = bench.device.files.total_bytes() // 1024
        memory = (await bench.sh("grep MemTotal /proc/meminfo")).out.split()
        return free[:2], disk[:2] + disk[-1:], [memory[1], str(total)]

    free, disk, (memory, total) = on_bench(story)
    assert (free, disk) == (["Mem:", memory], ["/dev/fuse", total, "/storage/emulated"])


def test_a_big_copy_takes_no_further_room_on_the_host(on_bench: OnBench) -> None:
    """cp shares what lies in the store."""

    async def story(bench: Bench) -> int:
        bench.device.files.write("/data/local/tmp/a", bytes(3 << 20), uid=2000)
        assert (await bench.sh("cd /data/local/tmp; cp a b; cmp a b")).status == 0
        return len(list(bench.device.files._access.tree.store.directory.iterdir()))

    assert on_bench(story) == 1


def test_following_a_file_shows_what_is_added(on_bench: OnBench) -> None:
    """tail -f looks again each second of the handset's time."""

    async def story(bench: Bench) -> str:
        script = "cd /data/local/tmp; echo a >f; (sleep 3; echo b >>f; sleep 3; pkill tail) & tail -f f"
        return (await bench.sh(script)).out

    assert on_bench(story) == "a\nb\n"
