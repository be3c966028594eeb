"""Reading words: quotes, expansions, and what is static."""

from __future__ import annotations

import pytest

from framework.virtual.shell.parser import parse_nested
from framework.virtual.shell.syntax import (
    Arithmetic,
    FileText,
    Parameter,
    Part,
    Substitution,
    Text,
    Tilde,
    Word,
)
from framework.virtual.shell.words import WordReader


def read(source: str) -> Word:
    reader = WordReader(source, 0, parse_nested)
    word = reader.word()
    assert reader.position == len(source)
    return word


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("plain", "plain"),
        ("'a b'\"c d\"\\ e", "a b" + "c d" + " e"),
        ('"a\\$b\\`\\"\\\\\\n"', 'a$b`"\\\\n'),
        ("$'a\\tb\\x41\\101\\''", "a\tbAA'"),
        ("a\\\nb", "ab"),
        ('""', ""),
        ("'*'", "*"),
        ("[", "["),
        ("$", "$"),
        ("a$", "a$"),
        ("{}", "{}"),
        ("a#b", "a#b"),
    ],
)
def test_words_without_expansions_are_static(source: str, value: str) -> None:
    """Their value is known when they are read."""
    assert read(source).static == value


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("$x", (Parameter("x", False),)),
        ("$1a", (Parameter("1", False), Text("a"))),
        ("${10}", (Parameter("10", False),)),
        ('"$@"', (Parameter("@", True),)),
        ("${#x}", (Parameter("x", False, "length"),)),
        ("${#}", (Parameter("#", False),)),
        ("${x:-a b}", (Parameter("x", False, ":-", Word((Text("a b"),), "a b")),)),
        ("${x%.*}", (Parameter("x", False, "%", Word((Text(".*"),))),)),
        ("${x//a/b}", (Parameter("x", False, "//", Word((Text("a"),), "a"), Word((Text("b"),), "b")),)),
        ("~/x", (Tilde(""), Text("/x"))),
        ("~root", (Tilde("root"),)),
        ("'~'", (Text("~", True),)),
        ("a~", (Text("a~"),)),
        ("*.txt", (Text("*.txt"),)),
    ],
)
def test_expansions_are_parts(source: str, parts: tuple[Part, ...]) -> None:
    """Names, operators and arguments as written."""
    assert read(source).parts == parts


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("$(a; b)", Substitution),
        ("`a`", Substitution),
        ("$( (a) )", Substitution),
        ("$((a) ; b)", Substitution),
        ("$(<f)", FileText),
        ("$((1 + (2)))", Arithmetic),
        ('$(case x in x) echo ")";; esac)', Substitution),
    ],
)
def test_scripts_and_sums_end_at_their_own_parenthesis(source: str, kind: type) -> None:
    """Quotes, nested parentheses and case patterns inside do not end them."""
    word = read(source)
    assert [type(part) for part in word.parts] == [kind]


def test_single_quotes_in_a_quoted_argument_are_ordinary() -> None:
    """`"${x:-a'b}"` is one default; in a pattern they quote."""
    (default,) = read('"${x:-a\'b}"').parts
    (pattern,) = read("\"${x#'a'}\"").parts
    assert isinstance(default, Parameter)
    assert isinstance(pattern, Parameter)
    assert default.argument == Word((Text("a'b", True),), "a'b")
    assert pattern.argument == Word((Text("a", True),), "a")
