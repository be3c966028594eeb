"""`/proc/PID/status`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.proc_status import ProcStatus, parse


def test_resident_memory_is_told_apart() -> None:
    """Anonymous, file and shared pages and swap each have a field."""
    text = "Name:\tllm: worker\r\nVmRSS:\t  90 kB\r\nRssAnon:\t 50 kB\r\nRssFile:\t 30 kB\r\nRssShmem:\t10 kB\r\n"
    expected = ProcStatus(name="llm: worker", vm_rss_kb=90, rss_anon_kb=50, rss_file_kb=30, rss_shmem_kb=10)
    assert parse(text) == expected


def test_a_kernel_thread_has_no_memory() -> None:
    """Nothing printed is None, not 0."""
    assert parse("Name:\tkswapd0\nPid:\t9\nUid:\t0\t0\t0\t0\n") == ProcStatus(name="kswapd0", pid=9, uid=0)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "lines such as `Name:`, `Pid:`, `VmRSS: N kB`"),
        ("cat: /proc/7/status: No such file or directory\n", 2, "lines such as `Name:`, `Pid:`, `VmRSS: N kB`"),
        ("Pid:\t7\nVmRSS:\t  82", 2, "VmRSS as a whole number and kB"),
        ("Name:\ta\nName:\tb\n", 2, "Name only once: one process"),
        ("Uid:\tx\n", 1, "Uid as a whole number"),
    ],
)
def test_what_is_no_status_is_refused(text: str, line: int, expected: str) -> None:
    """A process that is gone, a number that was cut, two processes in one text."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line, caught.value.expected) == ("proc_status", line, expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "catapult__chrome_status",
            ProcStatus(
                name="chrome",
                state="S",
                tgid=12911,
                pid=12911,
                ppid=16468,
                uid=20989,
                threads=4,
                vm_peak_kb=1025488,
                vm_size_kb=1001932,
                vm_locked_kb=0,
                vm_hwm_kb=141160,
                vm_rss_kb=82032,
                vm_data_kb=660664,
                vm_swap_kb=0,
                voluntary_switches=3061,
                involuntary_switches=730,
            ),
        ),
        (
            "xcrash__pixel_java",
            ProcStatus(
                name="xcrash.sample",
                state="R",
                tgid=21356,
                pid=21356,
                ppid=626,
                uid=10180,
                threads=37,
                vm_peak_kb=5659228,
                vm_size_kb=5542192,
                vm_locked_kb=0,
                vm_hwm_kb=94624,
                vm_rss_kb=94396,
                vm_data_kb=5051840,
                vm_swap_kb=6476,
                voluntary_switches=343,
                involuntary_switches=301,
            ),
        ),
    ],
)
def test_real_processes(capture: Callable[[str], str], name: str, expected: ProcStatus) -> None:
    """The true values of real captures; kernels before 4.5 tell no RssAnon."""
    assert parse(capture(f"proc_status/{name}.txt")) == expected
