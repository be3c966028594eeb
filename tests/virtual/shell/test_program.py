"""The program sh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import RunScript


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("sh -c 'echo $0 $1 $#' name a", "name a 1\n"),
        ("sh -c 'echo $0'", "sh\n"),
        ("sh -ec 'false; echo no'; echo $?", "1\n"),
        ("echo 'echo $1 $#' | sh -s a b", "a 2\n"),
        ("echo 'echo file $1' >f; sh f x; sh ./f y", "file x\nfile y\n"),
        ("sh nosuch; echo $?", "127\n"),
        ("sh -c; echo $?", "1\n"),
        ("sh -Z; echo $?", "1\n"),
        ("x=1; export y=2; sh -c 'echo [$x][$y]'", "[][2]\n"),
        ("sh -c 'exit 300'; echo $?", "44\n"),
    ],
)
def test_where_the_script_comes_from(sh: RunScript, script: str, expected: str) -> None:
    """After -c, in a file, on stdin; options, `$0` and arguments."""
    assert sh(script).out == expected


def test_standard_input_is_read_line_by_line(sh: RunScript) -> None:
    """Commands may read on from where the shell stopped; a compound command is read to its end."""
    typed = b"read x\nthis line\necho got $x\nfor i in 1 2\ndo\n  echo $i\ndone\nexit 4\necho no\n"
    result = sh("exec sh", stdin=typed)
    assert (result.out, result.status) == ("got this line\n1\n2\n", 4)


def test_an_interactive_shell_prompts_and_survives_errors(sh: RunScript) -> None:
    """The prompt goes to stderr; a syntax error costs one line."""
    result = sh("PS1='> ' exec sh -i", stdin=b"echo a\necho )\necho $((1/0))\necho b\n")
    assert result.out == "a\nb\n"
    assert result.err.startswith("> > sh: syntax error: unexpected ')'\n> ")
