"""`ps`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.ps import Process, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "USER PID TID PPID VSZ RSS WCHAN ADDR S CMD\r\nu0_a1 7 8 1 10 9 futex 0 S Binder thread 1\r\n",
            Process(7, 1, 8, "u0_a1", 10, 9, "futex", "S", "Binder thread 1"),
        ),
        (
            "USER     PID   PPID  VSIZE  RSS   WCHAN    PC       NAME\nroot 1 0 340 180 c00ca37c 0000875c S /init\n",
            Process(1, 0, None, "root", 340, 180, "c00ca37c", "S", "/init"),
        ),
        (
            "UID PID PPID C STIME TTY TIME CMD\nshell 9 7 0 12:00:01 pts/0 00:00:00 sh -\n",
            Process(9, 7, None, "shell", None, None, None, None, "sh -"),
        ),
        (
            "  PID ARGS\n    1 init second_stage\n",
            Process(1, None, None, None, None, None, None, None, "init second_stage"),
        ),
    ],
)
def test_columns_go_by_their_headings(text: str, expected: Process) -> None:
    """Threads, the old toolbox with its state without a heading, -f, columns that were chosen."""
    assert parse(text).processes == (expected,)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("bad pid '-A'\n", 1),
        ("USER PID NAME\n", 2),
        ("USER PID NAME\nroot 1 init\nroot 2\n", 3),
        ("USER PID NAME\nroot one init\n", 2),
    ],
)
def test_what_is_no_ps_is_refused(text: str, line: int) -> None:
    """No header, no row, a row that was cut, a word for a number."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("ps", line)


def test_a_real_handset(capture: Callable[[str], str]) -> None:
    """The true values of the capture."""
    processes = parse(capture("ps/mvt__ps_A.txt")).processes
    assert len(processes) == 17
    assert processes[0] == Process(1, 0, None, "root", 68696, 2864, "0", "S", "init")
    assert processes[-1].name == "[ksoftirqd/1]"
