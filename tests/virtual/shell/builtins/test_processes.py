"""kill, wait, jobs and trap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript


@pytest.mark.parametrize(
    ("script", "expected", "error"),
    [
        ("kill -0 $$; echo $?", "0\n", ""),
        ("sleep 9 & kill -s HUP $!; wait $! 2>/dev/null; echo $?", "129\n", ""),
        ("sleep 9 & kill -KILL %1; wait %% 2>/dev/null; echo $?", "137\n", ""),
        ("kill 99999; echo $?", "1\n", "kill: 99999: No such process\n"),
        ("kill -9 1; echo $?", "1\n", "kill: 1: Operation not permitted\n"),
        ("kill -NOPE 1; echo $?", "1\n", "kill: bad signal 'NOPE'\n"),
        ("kill x; echo $?", "1\n", "kill: x: arguments must be jobs or process IDs\n"),
        ("kill -l 9; kill -l 137", "KILL\nKILL\n", ""),
        ("trap 'x' NOPE; echo $?", "1\n", "trap: bad signal 'NOPE'\n"),
        ("sleep 9 & sleep 1; jobs; kill $!", "[1] + Running  sleep 9\n", ""),
    ],
)
def test_processes(sh: RunScript, script: str, expected: str, error: str) -> None:
    """By pid and by job, signals by name and number; what is refused is told."""
    result = sh(script)
    assert (result.out, result.err) == (expected, error and f"/system/bin/sh: {error}")
