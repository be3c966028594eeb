"""Traps: signals that scripts catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from framework.virtual.shell.traps import signal_number

if TYPE_CHECKING:
    from conftest import RunScript


@pytest.mark.parametrize(
    ("script", "expected", "status"),
    [
        ("trap 'echo bye' EXIT; exit 3", "bye\n", 3),
        ("trap 'exit 9' EXIT; exit 3", "", 9),
        ("trap 'echo $?' EXIT; (exit 4)", "4\n", 4),
        ("trap 'echo t; exit 5' TERM; kill $$; echo no", "t\n", 5),
        ("trap 'echo t' TERM; kill $$; trap - TERM; kill $$; echo no", "t\n", 143),
        ("trap '' TERM; kill $$; echo on", "on\n", 0),
        ("trap '' TERM; sh -c 'kill $$; echo child'; echo on", "child\non\n", 0),
        ("trap 'echo t' TERM; sh -c 'kill $$; echo no'; echo $?", "143\n", 0),
        ("trap 'echo no' EXIT; kill -9 $$", "", 137),
        ("trap 'echo t' TERM; (sleep 1; kill $$) & sleep 3; echo end", "t\nend\n", 0),
        ("trap 'echo t' TERM; (sleep 1; kill $$) & sleep 99 & wait $!; echo $?; kill $!", "t\n143\n", 0),
        ("(trap 'echo sub' EXIT; :); echo main", "sub\nmain\n", 0),
        ("trap 'echo a' USR1; (kill -USR1 $$; echo b); echo c", "b\na\nc\n", 0),
    ],
)
def test_what_traps_do(sh: RunScript, script: str, expected: str, status: int) -> None:
    """After the current command, with `$?` kept; `''` ignores, for children too; `-` takes back; KILL is not caught."""
    result = sh(script)
    assert (result.out, result.status) == (expected, status)


def test_set_traps_are_listed(sh: RunScript) -> None:
    """In a form that can be read back."""
    result = sh("trap 'echo \"x y\"' INT EXIT; trap")
    assert result.out == "trap -- 'echo \"x y\"' EXIT\ntrap -- 'echo \"x y\"' INT\nx y\n"


@pytest.mark.parametrize(
    ("name", "number"), [("9", 9), ("KILL", 9), ("sigterm", 15), ("EXIT", 0), ("NOPE", None), ("99", None)]
)
def test_signals_have_names_and_numbers(name: str, number: int | None) -> None:
    """With and without SIG, in any case."""
    assert signal_number(name) == number
