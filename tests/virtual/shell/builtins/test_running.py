"""eval, exec, `.`, command and type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript


@pytest.mark.parametrize(
    ("script", "expected", "status"),
    [
        ("eval 'x=1;' 'echo $x'; eval; echo $?", "1\n0\n", 0),
        ("eval 'if'; echo no", "", 1),
        ("exec echo replaced; echo no", "replaced\n", 0),
        ("exec sh -c 'exit 6'", "", 6),
        ("(exec true); echo on; exec; echo on", "on\non\n", 0),
        ("echo 'y=5; echo $1' >lib; . ./lib arg; echo $y $#", "arg\n5 0\n", 0),
        ("echo 'return 3; echo no' >lib; . ./lib; echo $?", "3\n", 0),
        (". ./nosuch; echo no", "", 1),
        ("source ./nosuch; echo $?", "1\n", 0),
        ("echo() { :; }; command echo real; echo unseen", "real\n", 0),
        ("command -v cd sh if nosuch; echo $?", "cd\n/system/bin/sh\nif\n1\n", 0),
        ("f() { :; }; type f cd sh fi nosuch; echo $?", None, 0),
    ],
)
def test_running(sh: RunScript, script: str, expected: str | None, status: int) -> None:
    """In this shell, in its place, from a file, past functions; and what names are."""
    described = (
        "f is a function\ncd is a shell builtin\nsh is /system/bin/sh\nfi is a reserved word\nnosuch not found\n1\n"
    )
    result = sh(script)
    assert (result.out, result.status) == (described if expected is None else expected, status)
