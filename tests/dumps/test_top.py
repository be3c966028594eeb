"""`top`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.top import CpuShares, Memory, Tasks, TopTask, parse

ROUND = """Tasks: 5 total,   1 running,   4 sleeping,   0 stopped,   0 zombie
  Mem:     3.7G total,     3.5G used
800%cpu {user}%user   0%nice  13%sys 377%idle   0%iow   3%irq   3%sirq   0%host
  PID USER         PR  NI VIRT  RES  SHR S[%CPU] %MEM     TIME+ ARGS
 4242 u0_a1        10 -10  10G 1.5G 900K S  {user}  40.0 123:45.67 com.example
"""
THREADS = """  TID USER         PR  NI VIRT  RES  SHR S[%CPU] %MEM     TIME+ THREAD          PROCESS
    7 u0_a1        10 -10  10G 1.5G 900K S  5.0   4.0   0:00.09 Binder thread 1 com.example
"""


def test_the_last_round_counts() -> None:
    """The first round of `top -n 2` covers the whole life of each process."""
    found = parse(ROUND.format(user=100) + "\r\n" + ROUND.format(user=200))
    assert found.cpu == CpuShares(800, 200, 0, 13, 377, 0, 3, 3, 0)
    assert found.memory == Memory(total_kb=3879731, used_kb=3670016)
    assert found.swap is None
    assert found.rows == (
        TopTask(4242, None, "u0_a1", "S", 200.0, 40.0, 10485760, 1572864, 900, 7425670, None, "com.example"),
    )


def test_names_of_threads_may_hold_blanks() -> None:
    """The place of the last column parts them from the process."""
    found = parse(THREADS)
    assert [(row.tid, row.pid, row.thread, row.command) for row in found.rows] == [
        (7, None, "Binder thread 1", "com.example")
    ]
    assert (found.tasks, found.cpu) == (None, None)


@pytest.mark.parametrize("share", ["-3.-5", "-25.0", "-4", "-0.-1"])
def test_a_share_below_nothing_is_none(share: str) -> None:
    """toybox prints one for a task whose number another has just had; the rest of its row holds."""
    (row,) = parse(THREADS.replace("5.0 ", share.ljust(6))).rows
    assert (row.tid, row.cpu_percent, row.memory_percent, row.cpu_time_ms) == (7, None, 4.0, 90)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("top: bad -b\n", 2),
        ("PID USER %CPU ARGS\n1 root\n", 2),
        ("PID USER %CPU ARGS\n1 root much init\n", 2),
        ("PID USER TIME+ ARGS\n\n1 root 5 init\n", 3),
    ],
)
def test_what_is_no_top_is_refused(text: str, line: int) -> None:
    """No header, a row that was cut, words for numbers."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line) == ("top", line)


def test_a_real_screen(capture: Callable[[str], str]) -> None:
    """The true values of a capture without -b, full of terminal escapes."""
    found = parse(capture("top/healer__mt8168_ansi_escapes.txt"))
    assert found.tasks == Tasks(343, 1, 342, 0, 0)
    assert found.memory == Memory(3889512, 3253496, 636016, 140512)
    assert found.swap == Memory(2139224, 0, 2139224, cached_kb=1875252)
    assert found.cpu == CpuShares(400, 3, 0, 13, 377, 0, 3, 3, 0)
    assert len(found.rows) == 20
    assert found.rows[0] == TopTask(
        6180, None, "root", "R", 16.6, 0.1, 10485760, 4710, 3891, 90, None, "top -n 1 -m 20"
    )
    assert found.rows[-1].command == "[kworker/3:1-pm]"


def test_a_real_old_toolbox(capture: Callable[[str], str]) -> None:
    """The true values of `top -t`; its header tells no capacity, memory or tasks."""
    found = parse(capture("top/chkbugreport__nexusone_old_toolbox.txt"))
    assert found.cpu == CpuShares(user_percent=1, system_percent=8, iowait_percent=0, irq_percent=0)
    assert (found.tasks, found.memory, len(found.rows)) == (None, None, 30)
    assert found.rows[0] == TopTask(820, 820, "shell", "R", 10.0, None, 1072, 504, None, None, "top", "top")
    assert (found.rows[2].thread, found.rows[2].command) == ("kworker/0:2", None)
