"""The parser: what scripts mean, and what is said about those that mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.virtual.shell.parser import parse
from framework.virtual.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Background,
    Case,
    Command,
    ConditionCommand,
    For,
    Function,
    Group,
    HereDocument,
    If,
    Not,
    Pipeline,
    Redirected,
    Simple,
    Subshell,
    While,
)


def one(source: str) -> Command:
    script = parse(source)
    assert script.error is None
    assert len(script.commands) == 1
    return script.commands[0]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("a b c", Simple),
        ("x=1", Simple),
        (">f", Simple),
        ("a | b", Pipeline),
        ("! a | b", Not),
        ("a && b", AndOr),
        ("a &", Background),
        ("if a; then b; elif c; then d; else e; fi", If),
        ("while a; do b; done", While),
        ("until a; do b; done", While),
        ("for x in a b; do c; done", For),
        ("for x in; do c; done", For),
        ("for x do c; done", For),
        ("case x in (a|b) c;; *) ;; esac", Case),
        ("f() { a; }", Function),
        ("function f { a; }", Function),
        ("f() (a)", Function),
        ("(a; b)", Subshell),
        ("{ a; b; }", Group),
        ("{ a; } >f 2>&1", Redirected),
        ("[[ -n $x && a = b* ]]", ConditionCommand),
        ("((x + 1))", ArithmeticCommand),
        ("((a); b)", Subshell),
    ],
)
def test_every_kind_of_command_is_recognised(source: str, kind: type) -> None:
    """One command of each kind."""
    assert isinstance(one(source), kind)


def test_lists_are_separated_by_newlines_semicolons_and_ampersands() -> None:
    """Comments and joined lines vanish; `&` belongs to the command before it."""
    script = parse("a; b & c # d; e\nf \\\n g\n\n# h\n")
    plain = [command.command if isinstance(command, Background) else command for command in script.commands]
    assert [command.words[0].static for command in plain if isinstance(command, Simple)] == ["a", "b", "c", "f"]
    assert [isinstance(command, Background) for command in script.commands] == [False, True, False, False]


def test_and_binds_as_tightly_as_or() -> None:
    """`a || b && c` is `(a || b) && c`."""
    command = one("a || b && c")
    assert isinstance(command, AndOr)
    assert not command.either
    assert isinstance(command.left, AndOr)
    assert command.left.either


def test_assignments_redirections_and_words_are_told_apart() -> None:
    """Assignments stand before the first word only; redirections anywhere."""
    command = one("2>e x=1 y+=2 cmd >o z=3 <i arg")
    assert isinstance(command, Simple)
    assert [(each.name, each.append) for each in command.assignments] == [("x", False), ("y", True)]
    assert [word.static for word in command.words] == ["cmd", "z=3", "arg"]
    assert [(each.descriptor, each.operator) for each in command.redirects] == [(2, ">"), (1, ">"), (0, "<")]


def test_here_documents_stand_below_their_line() -> None:
    """Two on one line, in order, tabs stripped by `<<-`, whatever else the line holds."""
    command = one("a <<X | b <<-'Y' && c\nbody x\nX\n\tbody $y\n\tY\n")
    assert isinstance(command, AndOr)
    assert isinstance(command.left, Pipeline)
    bodies = []
    for simple in command.left.commands:
        assert isinstance(simple, Simple)
        document = simple.redirects[0].target
        assert isinstance(document, HereDocument)
        bodies.append(document.body.static)
    assert bodies == ["body x\n", "body $y\n"]


@pytest.mark.parametrize(
    ("source", "message", "incomplete"),
    [
        ("if", "syntax error: unmatched 'if'", True),
        ("while x", "syntax error: unmatched 'while'", True),
        ("for i in a; do b", "syntax error: unmatched 'do'", True),
        ("(a", "syntax error: unmatched '('", True),
        ("a &&", "syntax error: unexpected 'EOF'", True),
        ('echo "a', "no closing quote", True),
        ("echo 'a", "no closing quote", True),
        ("echo $(a", "syntax error: unmatched '('", True),
        ("echo ${a", "no closing quote", True),
        ("cat <<E\nx", "here document 'E' unclosed", True),
        ("echo )", "syntax error: unexpected ')'", False),
        ("a;;", "syntax error: unexpected ';;'", False),
        ("a | | b", "syntax error: unexpected '|'", False),
        ("fi", "syntax error: unexpected 'fi'", False),
        ("if a; b; fi", "syntax error: unexpected 'fi'", False),
        ("echo <(ls)", "syntax error: unexpected '('", False),
        ("case x in a b) ;; esac", "syntax error: unexpected 'b'", False),
        ("[[ a = ]]", "syntax error: unexpected '='", False),
        ("echo ${x!y}", "${x!y}: bad substitution", False),
        ("a >\n", "syntax error: unexpected 'newline'", False),
    ],
)
def test_what_is_wrong_is_told_as_mksh_does(source: str, message: str, incomplete: bool) -> None:
    """`incomplete` says that more lines might mend it."""
    error = parse(source).error
    assert error is not None
    assert (str(error), error.incomplete) == (message, incomplete)


def test_lines_before_an_error_are_kept() -> None:
    """mksh runs them before it finds the error."""
    script = parse("a\nb; c\nd; if")
    assert [len(script.commands), script.error is not None] == [3, True]


def test_deep_nesting_is_refused_and_not_followed_for_ever() -> None:
    """A thousand opened groups are an error like any other."""
    error = parse("{ " * 1000).error
    assert error is not None
    assert "nested too deeply" in str(error)


@given(source=st.text("abxfiwhle don;|&(){}<>$'\"`\\\n=!#[]*0E", max_size=40))
def test_any_text_is_read_or_refused(source: str) -> None:
    """No text makes the parser fail otherwise than with a message."""
    script = parse(source)
    assert script.error is None or str(script.error)
