"""echo, print and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.shell.builtins.text import split_line

if TYPE_CHECKING:
    from conftest import RunScript


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo a  b", "a b\n"),
        ("echo -n a; echo -e 'b\\tc'; echo -E 'b\\tc'; echo 'd\\0101'", "ab\tc\nb\\tc\ndA\n"),
        ("echo -x -n; echo 'a\\cb'; echo c", "-x -n\nabc\n"),
    ],
)
def test_echo_reads_escapes_as_mksh_does(sh: RunScript, script: str, expected: str) -> None:
    """By default; -E leaves them, -n and `\\c` leave the newline out."""
    assert sh(script).out == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("print -r -- 'a\\nb' c; print 'a\\tb'; print -n x; print", "a\\nb c\na\tb\nx\n"),
        ("print -rn 'q\\n'; print - -r 'x\\ty'; print -e 'a\\cb'; print -x y; echo $?", "q\\n-r x\ty\nab1\n"),
    ],
)
def test_print_writes_as_mksh_does(sh: RunScript, script: str, expected: str) -> None:
    """-r leaves escapes alone, -n the newline away; a lone dash ends the options; others are refused."""
    assert sh(script).out == expected


@pytest.mark.parametrize(
    ("line", "ifs", "count", "expected"),
    [
        ("  a  b c  ", " ", 2, ["a", "b c"]),
        ("a", " ", 3, ["a", "", ""]),
        ("  a b  ", "", 1, ["  a b  "]),
        ("a:b:c", ":", 2, ["a", "b:c"]),
        ("a:b:", ":", 2, ["a", "b"]),
        ("a::b", ":", 3, ["a", "", "b"]),
        ("a : b", " :", 2, ["a", "b"]),
        ("a\0 b c", " ", 2, ["a b", "c"]),
    ],
)
def test_lines_are_split_into_variables(line: str, ifs: str, count: int, expected: list[str]) -> None:
    """The last variable takes the rest; a NUL quotes the character behind it."""
    assert split_line(line, ifs, count) == expected


@given(line=st.text("ab :\t", max_size=12), ifs=st.sampled_from([" \t\n", ":", " :", ""]), count=st.integers(1, 4))
def test_as_many_values_as_variables(line: str, ifs: str, count: int) -> None:
    """Whatever the line, every variable gets a value and no character is invented."""
    values = split_line(line, ifs, count)
    assert len(values) == count
    assert all(value in line for value in values)


@pytest.mark.parametrize(
    ("script", "stdin", "expected"),
    [
        ("read x; echo $? [$x]; read y; echo $? [$y]", b"one\nlast", "0 [one]\n1 [last]\n"),
        ('read -r x; echo "$x"', b"a\\qb\n", "a\\qb\n"),
        ('read x; echo "$x"', b"a\\\nb\\c\n", "abc\n"),
        ("read -n 3 x; echo $x; read -n 2 x; echo $x", b"abcdef\n", "abc\nde\n"),
        ("read -d : x; echo $x; read y; echo $y", b"a:b\n", "a\nb\n"),
        ("read; echo $REPLY; read -u 7 x; echo $?; read -Z x; echo $?", b"line\n", "line\n2\n2\n"),
        ("exec 5<<E\nfive\nE\nread -u5 x; echo $x; read -t x y; echo $?", b"", "five\n2\n"),
        ('while read a b; do echo "$b,$a"; done', b"1 2\n3 4 5\n", "2,1\n4 5,3\n"),
    ],
)
def test_read(sh: RunScript, script: str, stdin: bytes, expected: str) -> None:
    """Lines, parts of them, other descriptors; 1 at the end of the input, 2 for a mistake."""
    assert sh(script, stdin=stdin).out == expected


def test_read_leaves_the_rest_to_others(sh: RunScript) -> None:
    """What follows the line is for the next reader."""
    assert sh("read x; cat", stdin=b"1\n2\n3\n").out == "2\n3\n"


def test_read_gives_up_in_device_time(sh: RunScript) -> None:
    """With -t, 142 after the time, and what comes later is not lost."""
    assert sh("{ sleep 5; echo late; } | { read -t 2 x; echo $?; read y; echo $y; }").out == "142\nlate\n"
