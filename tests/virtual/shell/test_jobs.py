"""Pipelines and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo a | read x; echo [$x]", "[]\n"),
        ("(exit 3) | true; echo $?; true | (exit 4); echo $?", "0\n4\n"),
        ("set -o pipefail; (exit 3) | true; echo $?", "3\n"),
        ("x=1; echo | { x=2; }; echo $x", "1\n"),
        ("seq 100000 | tail -n 1", "100000\n"),
        ("echo a | cat | cat | cat", "a\n"),
        ("{ sleep 2; echo late; } | { echo early; cat; }", "early\nlate\n"),
        ("cat & wait; echo done", "done\n"),
        ("sleep 9 & sleep 9 & jobs | wc -l; kill %1 %2", "2\n"),
        ("(exit 5) & a=$!; (exit 6) & wait $a; echo $?; wait $!; echo $?; wait $a; echo $?", "5\n6\n5\n"),
        ("wait 12345; echo $?", "127\n"),
        ("for i in 3 1 2; do (sleep $i; echo $i) & done; wait", "1\n2\n3\n"),
    ],
)
def test_pipes_and_jobs(sh: RunScript, script: str, expected: str) -> None:
    """Every part in a subshell; the last one's status; background input is /dev/null; sleeps order jobs."""
    assert sh(script, stdin=b"not for the background\n").out == expected
