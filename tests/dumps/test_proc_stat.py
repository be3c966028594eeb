"""`/proc/stat` and `/proc/PID/stat`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from framework.dumps.errors import DumpError
from framework.dumps.proc_stat import CpuTicks, parse

SYSTEM = """cpu  10 20 30 40 50 60 70 80 90 100\r
cpu7 1 2 3 4\r
intr 123 0 0\r
ctxt 5\r
btime 1700000000\r
processes 6\r
procs_running 2\r
procs_blocked 0\r
"""
REST = " ".join(str(number) for number in range(4, 53))


def test_the_system_is_read() -> None:
    """All cores and each one; an old kernel tells four numbers only."""
    found = parse(SYSTEM)
    assert found.cpus == (CpuTicks("cpu", 10, 20, 30, 40, 50, 60, 70, 80, 90, 100), CpuTicks("cpu7", 1, 2, 3, 4))
    assert (found.context_switches, found.boot_time_s, found.forks) == (5, 1700000000, 6)
    assert (found.running, found.blocked, found.tasks) == (2, 0, ())


@pytest.mark.parametrize("name", ["a", "b) S (c", "alhost:8097/...", "two words", ""])
def test_fields_are_counted_from_the_last_parenthesis(name: str) -> None:
    """Whatever the name holds; numbers are those of proc(5)."""
    (task,) = parse(f"42 ({name}) R {REST}\n").tasks
    assert (task.pid, task.name, task.state, task.ppid) == (42, name, "R", 4)
    assert (task.minor_faults, task.major_faults, task.user_ticks, task.system_ticks) == (10, 12, 14, 15)
    assert (task.priority, task.nice, task.threads, task.start_ticks) == (18, 19, 20, 22)
    assert (task.virtual_bytes, task.rss_pages, task.cpu) == (23, 24, 39)


def test_the_system_tells_no_task_counters() -> None:
    """What a task's line does not hold is None."""
    found = parse(f"42 (a) R {REST}\n")
    assert (found.cpus, found.boot_time_s, found.forks) == ((), None, None)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "`cpu  N N N N …` or `PID (NAME) STATE N N …`"),
        ("cat: /proc/7/stat: No such file or directory\n", 2, "`cpu  N N N N …` or `PID (NAME) STATE N N …`"),
        ("cpu  1 2 3\n", 1, "`cpu` and at least four numbers of ticks"),
        ("cpu  1 2 3 4\nbtime soon\n", 2, "btime as a whole number"),
        ("\n42 (a) R 1 2 3", 2, "`PID (NAME) STATE` and at least 21 numbers"),
    ],
)
def test_what_is_no_stat_is_refused(text: str, line: int, expected: str) -> None:
    """A process that is gone, or lines that were cut."""
    with pytest.raises(DumpError) as caught:
        parse(text)
    assert (caught.value.kind, caught.value.line, caught.value.expected) == ("proc_stat", line, expected)


def test_real_threads(capture: Callable[[str], str]) -> None:
    """The true values of the capture: all 42 threads, with blanks in names."""
    tasks = parse(capture("proc_stat/bamlab__task_stat_all_threads.txt")).tasks
    ticks = {task.name: (task.pid, task.user_ticks, task.system_ticks) for task in tasks}
    assert len(tasks) == 42
    assert ticks["com.example"] == (21455, 3089, 1079)
    assert ticks["Jit thread pool"] == (21463, 192, 57)
    assert {task.start_ticks for task in tasks if task.pid == 21455} == {102154467}
