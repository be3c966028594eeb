"""`/proc/PID/io`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.proc_io import ProcIo, parse


def test_missing_lines_are_none() -> None:
    """Only what is printed has a value; 0 is a value."""
    assert parse("rchar: 12\r\nwrite_bytes: 0\r\n") == ProcIo(read_calls_bytes=12, write_storage_bytes=0)


@pytest.mark.parametrize(
    ("text", "line"), [("", 1), ("cat: /proc/1/io: Permission denied\n", 2), ("rchar: 1\nwchar: -1\n", 2)]
)
def test_what_is_no_io_is_refused(text: str, line: int) -> None:
    """The error names the line."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("proc_io", line)


def test_a_real_handset(capture: Callable[[str], str]) -> None:
    """The true values of the capture."""
    expected = ProcIo(197231, 3874, 40, 48, 9613312, 0, 0)
    assert parse(capture("proc_io/stephen_blog__pixel5_proc_io.txt")) == expected
