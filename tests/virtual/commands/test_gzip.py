"""gzip, gunzip, zcat and strings; what shell may not do to the kernel."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Bench, OnBench, RunScript


def test_files_are_replaced_by_smaller_ones_and_back(sh: RunScript) -> None:
    """Kept with -k or -c; what is there already, or is no gzip, is refused."""
    script = """seq 500 >f; md5sum f; gzip f; ls; gunzip -k f.gz; md5sum f; ls; gzip f; echo $?; gzip -f f; ls
zcat f.gz | tail -n 1; gzip -c <f.gz | gzip -dc | zcat | head -n 1; echo junk >g.gz
gunzip g.gz; echo $?; gunzip g; echo $?"""
    first, listed, second, *rest = sh(script).out.splitlines()
    assert (first, listed) == (second, "f.gz")
    assert rest == ["f", "f.gz", "1", "f.gz", "500", "1", "1", "1"]


def test_a_real_gzip_reads_it(sh: RunScript) -> None:
    """And writes what is read here."""
    assert gzip.decompress(sh("echo hello | gzip").data) == b"hello\n"
    assert sh("gunzip -c", stdin=gzip.compress(b"there\n")).out == "there\n"


def test_strings(sh: RunScript) -> None:
    """Runs of at least four, or as many as asked for, with their places."""
    script = r"printf 'abc\000hello\001wide world\377xy' >f; strings f; strings -n 2 f | head -n 1; strings -t d f"
    assert sh(script).out.splitlines() == ["hello", "wide world", "abc", "      4 hello", "     10 wide world"]


def test_dmesg_is_not_for_shell(sh: RunScript) -> None:
    """SELinux keeps it."""
    assert sh("dmesg").err == "dmesg: klogctl: Permission denied\n"


def test_reboot_restarts(on_bench: OnBench) -> None:
    """The boot's number goes up."""

    async def story(bench: Bench) -> int:
        bench.start("reboot")
        while bench.device.truth.boot == 0:
            await bench.device.clock.sleep(100_000_000)
        return bench.device.truth.boot

    assert on_bench(story) == 1
