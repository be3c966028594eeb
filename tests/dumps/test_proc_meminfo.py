"""`/proc/meminfo`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.proc_meminfo import MemInfo, parse


def test_what_the_kernel_does_not_tell_is_none() -> None:
    """A kernel without swap has no swap of size 0; vendors' lines are passed over, CRLF is taken."""
    assert parse("MemTotal:  4 kB\r\nRbinTotal: 7 kB\r\nHugePages_Total: 0\r\n") == MemInfo(total_kb=4)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "lines such as `MemTotal: 0 kB`"),
        ("cat: /proc/meminfo: Permission denied\n", 2, "lines such as `MemTotal: 0 kB`"),
        ("MemFree: 3 kB\n", 2, "a line `MemTotal: N kB`"),
        ("MemTotal: 3 kB\nMemFree: 1", 2, "MemFree as a whole number and kB"),
        ("MemTotal: 3 kB\n\nMemTotal: 3 kB\n", 3, "MemTotal only once"),
    ],
)
def test_what_is_no_meminfo_is_refused(text: str, line: int, expected: str) -> None:
    """A refusal is no memory of size 0, and a number that was cut is no number."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line, caught.value.expected) == ("proc_meminfo", line, expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chkbugreport__miui1_nexusone", MemInfo(415248, 200396, None, 58000, 0, 0)),
        ("xcrash__pixel_anr_arm64-v8a", MemInfo(3855796, 79864, 1446776, 1465252, 524284, 271348)),
        ("xcrash__pixel_native_arm64-v8a", MemInfo(3855796, 55520, 1413296, 1456540, 524284, 271428)),
    ],
)
def test_real_handsets(capture: Callable[[str], str], name: str, expected: MemInfo) -> None:
    """The true values of real captures; an old kernel tells no available memory."""
    assert parse(capture(f"proc_meminfo/{name}.txt")) == expected
